package incidents

import (
	"sort"
	"strings"
)

// isoNations are the officially assigned codes of ISO 3166-1 alpha-2.
const isoNations = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

// ValidNation reports whether the code is an ISO 3166-1 alpha-2 code in upper
// case, or NATO for a force that no single nation owns.
func ValidNation(code string) bool {
	return code == "NATO" || len(code) == 2 && strings.Contains(isoNations, " "+code+" ")
}

// nationNames are the names of those who meet over the three seas.
var nationNames = map[string]string{
	"BE": "Belgium", "BG": "Bulgaria", "BY": "Belarus", "CA": "Canada", "CZ": "Czechia", "DE": "Germany",
	"DK": "Denmark", "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom",
	"GE": "Georgia", "GR": "Greece", "HU": "Hungary", "IS": "Iceland", "IT": "Italy", "LT": "Lithuania",
	"LV": "Latvia", "NATO": "NATO", "NL": "Netherlands", "NO": "Norway", "PL": "Poland", "PT": "Portugal",
	"RO": "Romania", "RU": "Russia", "SE": "Sweden", "TR": "Türkiye", "UA": "Ukraine", "US": "United States",
}

// NationName gives the English name of a nation that often meets others here,
// and the code for any other.
func NationName(code string) string {
	if n := nationNames[code]; n != "" {
		return n
	}
	return code
}

// KnownNations lists the codes of those who often meet over the three seas, in
// alphabetical order.
func KnownNations() []string {
	codes := make([]string, 0, len(nationNames))
	for code := range nationNames {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

// nationWords are other names by which people call those who meet over the
// three seas.
var nationWords = map[string]string{
	"america": "US", "usa": "US", "britain": "GB", "great britain": "GB", "uk": "GB", "england": "GB", "holland": "NL", "turkey": "TR", "turkiye": "TR",
	"czech republic": "CZ", "russian federation": "RU", "russian": "RU", "norwegian": "NO", "swedish": "SE", "finnish": "FI", "danish": "DK", "estonian": "EE",
	"latvian": "LV", "lithuanian": "LT", "polish": "PL", "german": "DE", "british": "GB", "american": "US", "french": "FR", "turkish": "TR", "romanian": "RO",
	"bulgarian": "BG", "ukrainian": "UA", "dutch": "NL", "spanish": "ES", "italian": "IT", "portuguese": "PT", "belgian": "BE", "canadian": "CA", "belarusian": "BY",
	"icelandic": "IS", "georgian": "GE", "greek": "GR", "hungarian": "HU", "czech": "CZ",
}

// NationCalled gives the code of a nation by code, name or adjective, in any
// case; ok is false when nobody is called so.
func NationCalled(text string) (code string, ok bool) {
	if code = strings.ToUpper(strings.TrimSpace(text)); ValidNation(code) {
		return code, true
	}
	name := strings.ToLower(strings.TrimSpace(text))
	if code, ok := nationWords[name]; ok {
		return code, true
	}
	for code, known := range nationNames {
		if strings.ToLower(known) == name {
			return code, true
		}
	}
	return "", false
}
