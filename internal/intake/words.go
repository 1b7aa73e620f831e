package intake

import (
	"strconv"
	"strings"
)

// nationality words: adjectives, countries, people and forces. What stands
// after a colon names a nation by adjective, country and people; all lower case.
var nationality = func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(`RU russian russia russians vks
BY belarusian belarus
UA ukrainian ukraine
US american usa u.s u.s. usaf usn usafe americans
GB british britain uk u.k raf
DE german germany luftwaffe germans
FR french france
NO norwegian norway norwegians rnoaf
SE swedish sweden swede swedes
FI finnish finland finns
DK danish denmark danes rdaf dane
PL polish poland poles
EE estonian estonia
LV latvian latvia
LT lithuanian lithuania
TR turkish turkey türkiye turkiye
RO romanian romania
BG bulgarian bulgaria
IT italian italy italians
ES spanish spain
PT portuguese portugal
NL dutch netherlands
BE belgian belgium belgians
CA canadian canada rcaf
IS icelandic iceland
CZ czech czechia
HU hungarian hungary
GE georgian georgia
IE irish ireland
GR greek greece hellenic
US uss
GB hms
CA hmcs
NL hnlms zr.ms
DE fgs
TR tcg
PL orp
NATO nato`, "\n") {
		f := strings.Fields(line)
		for _, w := range f[1:] {
			m[w] = f[0]
		}
	}
	return m
}()

// countries are the words for a state that can act: "Sweden intercepted".
var countries = set(`russia belarus ukraine britain uk germany france norway sweden finland denmark poland estonia latvia lithuania
	turkey türkiye romania bulgaria italy spain portugal netherlands belgium canada iceland nato raf luftwaffe usaf rnoaf vks rdaf rcaf us u.s`)

// capitals stand for a government that speaks; never for a party.
var capitals = map[string]string{
	"moscow": "RU", "kremlin": "RU", "washington": "US", "pentagon": "US", "london": "GB", "berlin": "DE", "paris": "FR",
	"oslo": "NO", "stockholm": "SE", "helsinki": "FI", "copenhagen": "DK", "warsaw": "PL", "tallinn": "EE", "riga": "LV",
	"vilnius": "LT", "ankara": "TR", "bucharest": "RO", "sofia": "BG", "rome": "IT", "madrid": "ES", "lisbon": "PT", "ottawa": "CA", "kyiv": "UA",
}

// nationAt is the nation that a token means; "us" must be written in capitals.
func (d *document) nationAt(i int) string {
	if i < 0 || i >= len(d.tokens) {
		return ""
	}
	t := d.tokens[i]
	if (t.low == "fleet" && (d.low(i-1) == "northern" || d.low(i-1) == "baltic" || d.low(i-1) == "sea" && d.low(i-2) == "black")) || t.low == "district" && d.low(i-1) == "military" {
		return "RU"
	}
	if t.low == "force" && d.low(i-1) == "air" && d.low(i-2) == "royal" {
		return "GB"
	}
	if next := i + 1; isoBefore[t.low] && next < len(d.tokens) && (d.tokens[next].span != nil || t.shout && d.tokens[next].low == "airspace") {
		return strings.ToUpper(strings.Replace(t.low, "uk", "gb", 1)) // ru il-20, FI AIRSPACE
	}
	if t.low == "us" && t.shout {
		return "US"
	}
	if nordic[t.low] != "" {
		return nordic[t.low]
	}
	if !t.upper && !strings.Contains(" russian norwegian british swedish finnish danish polish german american french estonian turkish romanian spanish italian portuguese dutch nato raf ", " "+t.low+" ") {
		return ""
	}
	return nationality[t.low]
}

// nordic are the adjectives of Swedish, Norwegian and Danish reports.
var nordic = map[string]string{
	"rysk": "RU", "ryskt": "RU", "ryska": "RU", "russisk": "RU", "russiske": "RU", "svensk": "SE", "svenskt": "SE", "svenska": "SE",
	"norsk": "NO", "norske": "NO", "dansk": "DK", "danske": "DK", "finskt": "FI", "finska": "FI", "finsk": "FI", "polskt": "PL", "estniskt": "EE",
}

// isoBefore are the two letters that may stand for a nation right before an
// aircraft; those that are English words are not.
var isoBefore = set("ru uk gb dk se fi pl us pt nl ee lt lv de fr es tr ro bg")

var numbers = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12,
	"två": 2, "tre": 3, "fyra": 4, "ett": 1, "en": 1,
}

// number reads a count: 2, 2x, two, a; ok is false for any other word.
func number(low string) (int, bool) {
	if n, ok := numbers[low]; ok {
		return n, true
	}
	if low == "single" || low == "lone" || low == "another" {
		return 1, true
	}
	low = strings.TrimSuffix(strings.TrimPrefix(low, "x"), "x")
	if n, err := strconv.Atoi(low); err == nil && len(low) <= 2 && n > 0 {
		return n, true
	}
	return 0, false
}

// Kinds of a party by its head noun.
const (
	kindAir     = "aircraft"
	kindFighter = "fighter"
	kindOther   = "other" // bomber, patrol, transport, drone …
	kindShip    = "ship"
	kindCivil   = "civil"
	kindState   = "state" // a country or force that acts
)

// heads are the nouns that a noun group of ours may end in.
var heads = map[string]string{}

func init() {
	for kind, words := range map[string]string{
		kindAir:     "aircraft aircrafts plane planes airplane airplanes jet jets warplane warplanes flygplan stridsflygplan jaktflygplan kampfly jagerfly aeroplane formation jetfly acft a/c intruder intruders",
		kindFighter: "fighter fighters interceptor interceptors fighter-bomber fighter-bombers qra helicopter helicopters helo helos",
		kindOther:   "bomber bombers tanker tankers drone drones uav uavs transport transports transporter awacs patrol spy-plane seaplane amphibian gulfstream mpa reconnaissance trio turboprop",
		kindShip:    "uss hms hmcs hnlms fgs tcg orp destroyer frigate warship warships ship ships corvette vessel platform rig flagship",
		kindCivil:   "airliner airliners",
	} {
		for _, w := range strings.Fields(words) {
			heads[w] = kind
		}
	}
}

// modifiers may stand before a head within its noun group.
var modifiers = set(`strategic long-range maritime patrol reconnaissance military naval navy air force forces fighter alert qra quick
	reaction spy surveillance intelligence intelligence-gathering signals-intelligence signals sigint electronic electronic-intelligence
	electronic-reconnaissance armed missile-armed missile-carrying missile multirole multi-role unidentified unknown unarmed government state
	transport tanker cargo royal combat attack strike tactical heavy escorting escort anti-submarine submarine-hunting early-warning
	airborne-warning airborne early warning command control electronic-warfare passenger civil civilian commercial scheduled photographic turboprop
	emergencies-ministry unmanned remotely piloted allied foreign nuclear-capable four-engined swing-wing supersonic stealth nato-led duty
	on-duty interceptor baltic policing baf fleet's fleet northern southern western eastern central ministry emergency situations district coalition guard border coast own special
	large small same second third first lone single other more further refuelling aerial guided-missile hostile suspected turbo-prop
	bomber jet monitoring warship low-flying westbound eastbound low fast non-squawking non-transponding old ageing modern aerospace
	fifth-generation carrier-based nuclear-powered`)
