package alarm

import (
	"math"
	"testing"
	"time"
)

// at gives calls of a kind, so many seconds after t0.
func at(kind Kind, seconds ...int) (calls []Call) {
	for _, s := range seconds {
		calls = append(calls, Call{ms(t0.Add(time.Duration(s) * time.Second)), kind})
	}
	return calls
}

// every gives n calls, one each so many seconds from a second on.
func every(n, from, step int) (seconds []int) {
	for i := range n {
		seconds = append(seconds, from+i*step)
	}
	return seconds
}

func TestFigures(t *testing.T) {
	hour := time.Hour
	for _, tt := range []struct {
		name    string
		calls   []Call
		length  time.Duration
		rate    float64
		peak    int
		floods  int
		flooded time.Duration
	}{
		{"nothing", nil, hour, 0, 0, 0, 0},
		{"six in an hour", at(Warning, every(6, 0, 600)...), hour, 1, 1, 0, 0},
		{"ten in ten minutes are no flood", at(Alarm, every(10, 0, 1)...), hour, 10. / 6, 10, 0, 0},
		// The eleventh comes at 10 s. They leave ten minutes after they came: at
		// 606 s the seventh does, and four are left.
		{"eleven are one, and it ends below five", at(Alarm, every(11, 0, 1)...), hour, 11. / 6, 11, 1, 596 * time.Second},
		{"two floods", at(Warning, append(every(11, 0, 1), every(11, 1800, 1)...)...), hour, 22. / 6, 11, 2, 2 * 596 * time.Second},
		{"a flood that goes on at the end", at(Warning, every(11, 3500, 1)...), hour, 11. / 6, 11, 1, 90 * time.Second},
		{"what makes no sound is no flood", at(Notice, every(50, 0, 1)...), hour, 0, 0, 0, 0},
		{"outside the stretch", at(Alarm, -1, 3600), hour, 0, 0, 0, 0},
		{"no time at all", at(Alarm, 0), 0, 0, 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := FiguresOf(tt.calls, ms(t0), ms(t0.Add(tt.length)))
			want := 0.
			if tt.length > 0 {
				want = float64(tt.flooded) / float64(tt.length)
			}
			if math.Abs(f.Rate-tt.rate) > 1e-9 || f.Peak != tt.peak || f.Floods != tt.floods || math.Abs(f.Flood-want) > 1e-9 {
				t.Errorf("%+v, want rate %v peak %d floods %d share %v", f, tt.rate, tt.peak, tt.floods, want)
			}
		})
	}
}

func TestMix(t *testing.T) {
	calls := append(append(at(Alarm, 1), at(Warning, 2, 3, 4)...), append(at(Caution, 5), at(Notice, every(15, 10, 1)...)...)...)
	f := FiguresOf(calls, ms(t0), ms(t0.Add(24*time.Hour)))
	if f.All != 20 || f.Share(Alarm) != 0.05 || f.Share(Warning) != 0.15 || f.Share(Caution, Notice) != 0.8 || f.Sounded != 4 || f.Days() != 1 {
		t.Errorf("%+v", f)
	}
	if s := (Figures{}).Share(Alarm); s != 0 {
		t.Errorf("a share of nothing is %v", s)
	}
}
