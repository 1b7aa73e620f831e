package view

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

var fuseNow = time.Date(2026, 11, 24, 3, 12, 0, 0, time.UTC)

// at is a span known to the minute, so many hours from now.
func at(hours float64) Span {
	t := fuseNow.Add(time.Duration(hours * float64(time.Hour)))
	return Span{t, t.Add(time.Minute)}
}

func TestFuseScale(t *testing.T) {
	for hours, want := range map[float64]string{0: "50.00%", -24: "6.70%", 24: "93.30%", -6: "28.35%", 6: "71.65%", -1: "41.16%", 1: "58.84%", -400: "0.60%", 400: "99.40%"} {
		if got := percent(fuseX(hours)); got != want {
			t.Errorf("%v h lie at %s, want %s", hours, got, want)
		}
	}
}

// strokes lists what a fuse shows apart from its grid.
func strokes(f Fuse) string {
	var list []string
	for _, m := range f.marks {
		if m.class != "f-grid" && m.class != "f-now" {
			list = append(list, m.class)
		}
	}
	return strings.Join(list, " ")
}

func TestFuse(t *testing.T) {
	day := Span{fuseNow.Add(-27 * time.Hour), fuseNow.Add(-3 * time.Hour)}
	dayLater := Span{day.From.Add(24 * time.Hour), day.To.Add(24 * time.Hour)}
	for _, tt := range []struct {
		name  string
		times FuseTimes
		want  string
	}{
		{"awaiting", FuseTimes{Start: at(-1), Deadline: at(3)}, "f-left f-run f-dl f-dot"},
		{"overdue", FuseTimes{Start: at(-3), Deadline: at(-2)}, "f-run f-late f-dl f-dot"},
		{"tried, past the deadline", FuseTimes{Start: at(-3), Deadline: at(-2), Tried: []Span{at(-2.5)}}, "f-run f-tried f-dl f-dot f-x"},
		{"tried, deadline ahead", FuseTimes{Start: at(-3), Deadline: at(2), Tried: []Span{at(-2.5), at(-1)}}, "f-left f-run f-dl f-dot f-x f-x"},
		{"only a diplomatic one got through", FuseTimes{Start: at(-3), Deadline: at(-2), Through: []Span{at(-1)}}, "f-run f-tried f-dl f-dot f-thru"},
		{"day only", FuseTimes{Start: day, Deadline: dayLater}, "f-late f-bandd f-dl f-dl f-band"},
		{"an attempt at an unknown hour", FuseTimes{Start: at(-20), Deadline: at(4), Tried: []Span{{fuseNow.Add(-9 * time.Hour), fuseNow.Add(-time.Hour)}}}, "f-left f-run f-dl f-dot f-band f-x f-x"},
		{"no deadline", FuseTimes{Start: at(-1)}, "f-run f-dot"},
		{"nothing is known", FuseTimes{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.times.Now = fuseNow
			if got := strokes(DrawFuse(tt.times)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFuseIsHidden(t *testing.T) {
	var b strings.Builder
	if err := FusePicture(DrawFuse(FuseTimes{Now: fuseNow, Start: at(-1), Deadline: at(1)})).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.HasPrefix(s, `<svg class="fuse" aria-hidden="true"`) || strings.Contains(s, "style=") || strings.Contains(s, "NaN") {
		t.Errorf("the picture: %s", s)
	}
}

func TestTimelineHasNothingToDraw(t *testing.T) {
	for name, times := range map[string]TimelineTimes{
		"no start":                {Deadline: at(1)},
		"no deadline, no contact": {Start: at(-1)},
	} {
		if !DrawTimeline(times).IsEmpty() {
			t.Errorf("%s: something is drawn", name)
		}
	}
}

// wordsOf lists the words in a drawing.
func wordsOf(d TimelineDrawing) string {
	var list []string
	for _, s := range d.shapes {
		if s.kind == "text" {
			list = append(list, s.text)
		}
	}
	return strings.Join(list, "|")
}

func TestTimeline(t *testing.T) {
	start := Span{time.Date(2023, 3, 14, 6, 3, 0, 0, time.UTC), time.Date(2023, 3, 14, 6, 4, 0, 0, time.UTC)}
	days := func(from, n int) Span {
		d := time.Date(2023, 3, from, 0, 0, 0, 0, time.UTC)
		return Span{d, d.AddDate(0, 0, n)}
	}
	tl := DrawTimeline(TimelineTimes{
		Start: start, StartText: "140603Z", Deadline: Span{start.From.Add(time.Hour), start.To.Add(time.Hour)}, DeadlineAt: "140703Z", Now: fuseNow,
		Rows: []TimelineRow{
			{Title: "Ambassador called in", Note: "summons", Figure: "0 to 17 h 57", Remark: "diplomatic", Start: days(14, 1), Kind: "diplomatic"},
			{Title: "Ministers", Note: "phone", Figure: "17 h 57 to 41 h 57", Remark: "direct, late", Start: days(15, 1), Kind: "direct"},
			{Title: "A call without a time", Note: "phone", Figure: "an unknown time", Remark: "an attempt", Kind: "attempt"},
		},
	})
	for _, want := range []string{"140603Z", "140703Z deadline", "14 MAR 23", "15 MAR 23", "Ambassador called in", "17 h 57 to 41 h 57", "time unknown", "00Z", "06Z"} {
		if got := wordsOf(tl.Wide); !strings.Contains(got, want) {
			t.Errorf("the wide drawing lacks %q: %s", want, got)
		}
	}
	if want := "Timeline: incident 140603Z; deadline 140703Z; Ambassador called in, 0 to 17 h 57 after, diplomatic; "; !strings.HasPrefix(tl.Label, want) {
		t.Errorf("label: %q", tl.Label)
	}
	if tl.Wide.Width != 1100 || tl.Narrow.Width != 366 {
		t.Errorf("drawn for %d and %d pixels", tl.Wide.Width, tl.Narrow.Width)
	}
	for name, d := range map[string]TimelineDrawing{"wide": tl.Wide, "narrow": tl.Narrow} {
		for _, s := range d.shapes {
			if s.x < 0 || s.x > float64(d.Width) || s.y < 0 || s.y > float64(d.Height) || s.kind == "rect" && s.x+s.w > float64(d.Width) {
				t.Errorf("%s: %+v lies outside of %d × %d", name, s, d.Width, d.Height)
			}
		}
	}
}

func TestTimelineAxis(t *testing.T) {
	from := time.Date(2026, 2, 27, 21, 40, 0, 0, time.UTC)
	for _, tt := range []struct {
		length time.Duration
		most   int
		want   string
	}{
		{time.Hour, 10, "2145Z 2200Z 2215Z 2230Z"},
		{7 * time.Hour, 10, "22Z 23Z 00Z* 01Z 02Z 03Z 04Z"},
		{30 * time.Hour, 8, "00Z* 06Z 12Z 18Z 00Z*"},
		{5 * day, 8, "28 FEB 01 MAR* 02 MAR 03 MAR 04 MAR"},
		{100 * day, 5, "MAR APR MAY JUN"},
		{3 * 365 * day, 4, "2027 2028 2029"},
	} {
		step := stepFor(tt.length, tt.most)
		var got []string
		for _, at := range step.ticks(from, from.Add(tt.length)) {
			s := step.label(at)
			if step.strong(at) {
				s += "*"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%v: %q, want %q", tt.length, strings.Join(got, " "), tt.want)
		}
	}
	// However long the stretch, the ticks have room.
	for days := 1; days < 40*365; days = days*3/2 + 1 {
		length := time.Duration(days) * day
		if n := len(stepFor(length, 8).ticks(from, from.Add(length))); n > 10 {
			t.Errorf("%d days have %d ticks", days, n)
		}
	}
}

func ExampleDTGText() {
	fmt.Println(DTGText(fuseNow, "exact"), DTGText(fuseNow, "hour"), DTGText(fuseNow, "day"))
	// Output: 240312ZNOV26 2403xxZNOV26 24 NOV 26
}
