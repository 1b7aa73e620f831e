package incidents

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

var likeTime = time.Date(2023, 3, 14, 16, 30, 0, 0, time.UTC)

func nm(x float64) *float64 { return &x }

// like is a record of a Tu-95 of Russia over the Baltic.
func like(change func(*Record)) *Record {
	r := &Record{
		Start: At(likeTime, Exact, ""), Geometry: Geometry{orb.Point{19, 56}},
		Intercepted: Party{Nations: []string{"RU"}, Aircraft: []Aircraft{{Designator: "TU95", Name: "Tu-95"}}},
	}
	if change != nil {
		change(r)
	}
	return r
}

// eastOf is a point so many nautical miles east of the record of like.
func eastOf(miles float64) Geometry { return Geometry{geo.Destination(orb.Point{19, 56}, 90, miles)} }

func TestAlike(t *testing.T) {
	at := func(minutes int, p Precision) Moment {
		return At(likeTime.Add(time.Duration(minutes)*time.Minute), p, "")
	}
	for name, c := range map[string]struct {
		a, b   *Record
		ra, rb string
		want   string // empty: not alike
	}{
		"the same":                     {want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"a minute later":               {b: like(func(r *Record) { r.Start = at(1, Exact) }), want: "1 min apart; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"half an hour later":           {b: like(func(r *Record) { r.Start = at(30, Exact) }), want: "30 min apart; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"more than half an hour later": {b: like(func(r *Record) { r.Start = at(31, Exact) })},
		"within the hour": {b: like(func(r *Record) { r.Start = At(likeTime.Truncate(time.Hour), Hour, "") }),
			want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"two hours that meet": {a: like(func(r *Record) { r.Start = At(likeTime, Hour, "") }), b: like(func(r *Record) { r.Start = at(59, Hour) }),
			want: "same time: 141729ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"two hours that touch": {a: like(func(r *Record) { r.Start = At(likeTime, Hour, "") }), b: like(func(r *Record) { r.Start = at(60, Hour) }), want: "1 min apart; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"the day":              {b: like(func(r *Record) { r.Start = at(-600, Day) }), want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"the day before":       {b: like(func(r *Record) { r.Start = at(-1440, Day) })},
		"until later":          {a: like(func(r *Record) { r.End = at(120, Exact) }), b: like(func(r *Record) { r.Start = at(90, Exact) }), want: "same time: 141800ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"two periods": {a: like(func(r *Record) { r.End = at(120, Exact) }), b: like(func(r *Record) { r.Start, r.End = at(90, Exact), at(180, Exact) }),
			want: "same time: 141800ZMAR23 to 141831ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"after the end":                {a: like(func(r *Record) { r.End = at(60, Exact) }), b: like(func(r *Record) { r.Start = at(61, Exact) }), want: "1 min apart; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"no start":                     {b: like(func(r *Record) { r.Start = Moment{} })},
		"another region":               {rb: "norwegian"},
		"no region":                    {ra: "none", rb: "none"},
		"30 NM":                        {b: like(func(r *Record) { r.Geometry = eastOf(29.99) }), want: "same time: 141630ZMAR23; 30 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"over 30 NM":                   {b: like(func(r *Record) { r.Geometry = eastOf(30.01) })},
		"over 30 NM, known to 5 and 8": {a: like(func(r *Record) { r.UncertaintyNM = nm(5) }), b: like(func(r *Record) { r.Geometry, r.UncertaintyNM = eastOf(42.9), nm(8) }), want: "same time: 141630ZMAR23; 43 NM apart, within 30 NM and both uncertainties; same intercepted: RU Tu-95"},
		"over 43 NM, known to 5 and 8": {a: like(func(r *Record) { r.UncertaintyNM = nm(5) }), b: like(func(r *Record) { r.Geometry, r.UncertaintyNM = eastOf(43.1), nm(8) })},
		"no position":                  {b: like(func(r *Record) { r.Geometry = Geometry{} }), want: "same time: 141630ZMAR23; region Baltic in both, one position is unknown; same intercepted: RU Tu-95"},
		"a track around it": {b: like(func(r *Record) {
			r.Geometry = Geometry{orb.LineString{{18, 56}, {20, 56}}}
		}), want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU Tu-95"},
		"another nation, the same type": {b: like(func(r *Record) { r.Intercepted.Nations = []string{"BY"} }), want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: Tu-95"},
		"the same nation, another type": {b: like(func(r *Record) { r.Intercepted.Aircraft = []Aircraft{{Designator: "IL20", Name: "Il-20"}} }), want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU"},
		"neither": {b: like(func(r *Record) {
			r.Intercepted = Party{Nations: []string{"US"}, Aircraft: []Aircraft{{Designator: "R135"}}}
		})},
		"nobody":                       {a: like(func(r *Record) { r.Intercepted = Party{} }), b: like(func(r *Record) { r.Intercepted = Party{} })},
		"types without a designator":   {a: like(func(r *Record) { r.Intercepted = Party{Aircraft: []Aircraft{{Name: "jet"}}} }), b: like(func(r *Record) { r.Intercepted = Party{Aircraft: []Aircraft{{Name: "jet"}}} })},
		"other names of a type":        {b: like(func(r *Record) { r.Intercepted.Aircraft[0].Name = "Bear" }), want: "same time: 141630ZMAR23; 0 NM apart, within 30 NM; same intercepted: RU TU95"},
		"the interceptor turned round": {b: like(func(r *Record) { r.Intercepting, r.Intercepted = r.Intercepted, Party{Nations: []string{"SE"}} })},
	} {
		t.Run(name, func(t *testing.T) {
			place := func(region string) Place {
				if region == "none" {
					return Place{}
				}
				return Place{Region: orElse(region, "baltic")}
			}
			a, b := c.a, c.b
			if a == nil {
				a = like(nil)
			}
			if b == nil {
				b = like(nil)
			}
			got, ok := Alike(a, b, place(c.ra), place(c.rb))
			if why := strings.Join(got.Why, "; "); ok != (c.want != "") || why != c.want {
				t.Errorf("%v\n got %s\nwant %s", ok, why, c.want)
			}
		})
	}
}

// TestAlikeIsSymmetric turns random pairs round.
func TestAlikeIsSymmetric(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 14))
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	random := func() (*Record, Place) {
		r := like(func(r *Record) {
			r.Start = At(likeTime.Add(time.Duration(rnd.IntN(180))*time.Minute), Precision(pick("exact", "hour", "day", "week", "month", "year")), "")
			r.Intercepted = Party{Nations: []string{pick("RU", "US"), pick("SE", "RU")}, Aircraft: []Aircraft{{Designator: pick("", "TU95", "IL20"), Name: pick("", "Bear", "Tu-95")}, {Designator: pick("SU27", "TU95")}}}
			r.Geometry = eastOf(float64(rnd.IntN(60)))
		})
		if rnd.IntN(3) == 0 {
			r.End = At(r.Start.From.Time().Add(2*time.Hour), Exact, "")
		}
		if rnd.IntN(3) == 0 {
			r.UncertaintyNM = nm(float64(rnd.IntN(20)))
		}
		if rnd.IntN(5) == 0 {
			r.Geometry = Geometry{}
		}
		return r, Place{Region: pick("baltic", "baltic", "black")}
	}
	same := 0
	for range 5000 {
		a, pa := random()
		b, pb := random()
		one, ok := Alike(a, b, pa, pb)
		other, again := Alike(b, a, pb, pa)
		one.DistanceNM, other.DistanceNM = roundTo(one.DistanceNM, 1e-6), roundTo(other.DistanceNM, 1e-6)
		if ok != again || !reflect.DeepEqual(one, other) {
			t.Fatalf("%v %+v\n%v %+v\nof %+v\nand %+v", ok, one, again, other, a, b)
		}
		if ok {
			same++
		}
	}
	if same < 100 {
		t.Errorf("only %d of 5000 pairs were alike: this tests little", same)
	}
}

func TestReadable(t *testing.T) {
	now := likeTime.Add(time.Hour)
	for name, c := range map[string]struct {
		r      Report
		region string
		start  string
		who    []string
	}{
		"nothing":           {start: "unknown"},
		"all of it":         {r: Report{Start: "141630ZMAR23", Position: "5600N 01900E", Intercepted: PartyReport{Nations: "ru"}}, region: "baltic", start: "141630ZMAR23", who: []string{"RU"}},
		"a bad position":    {r: Report{Start: "141630ZMAR23", Position: "somewhere", Region: "black", Intercepted: PartyReport{Nations: "RU"}}, region: "black", start: "141630ZMAR23", who: []string{"RU"}},
		"a bad region":      {r: Report{Start: "141630ZMAR23", Region: "pacific"}, start: "141630ZMAR23"},
		"a region by hand":  {r: Report{Position: "5600N 01900E", Region: "norwegian"}, region: "norwegian", start: "unknown"},
		"a start to come":   {r: Report{Start: "151630ZMAR23", Position: "5600N 01900E"}, region: "baltic", start: "unknown"},
		"an end before":     {r: Report{Start: "141630ZMAR23", End: "141530ZMAR23", Region: "baltic"}, region: "baltic", start: "141630ZMAR23"},
		"one nation of two": {r: Report{Region: "baltic", Intercepted: PartyReport{Nations: "RU, XX"}}, region: "baltic", start: "unknown", who: []string{"RU"}},
		"only the nonsense": {r: Report{Start: "x", Position: "y", Region: "z", Intercepted: PartyReport{Nations: "?"}}, start: "unknown"},
	} {
		rec, place := c.r.Readable(geo.Default(), now)
		if place.Region != c.region || rec.Start.String() != c.start || !reflect.DeepEqual(rec.Intercepted.Nations, c.who) || !rec.End.IsZero() {
			t.Errorf("%s: region %q, start %s, end %s, nations %v", name, place.Region, rec.Start, rec.End, rec.Intercepted.Nations)
		}
	}
}
