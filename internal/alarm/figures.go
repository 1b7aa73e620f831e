package alarm

import (
	"slices"
	"time"
)

// The targets for the figures, which are long-run averages (EEMUA 191 and
// ISA-18.2 as the trade tells them): at most one call in ten minutes at a desk,
// floods less than a hundredth of the time, and about one call in twenty of the
// highest kind.
const (
	Window        = 10 * time.Minute
	TargetRate    = 1.0 // calls in a window
	FloodBegins   = 10  // a flood begins with more than this in a window
	FloodEnds     = 5   // and ends with fewer than this
	TargetFlood   = 0.01
	TargetAlarm   = 0.05
	TargetWarning = 0.15
	TargetRest    = 0.80
	FigureDays    = 30 // fewer days say little
)

// Figures say whether there are too many alarms. Every desk shows every alert,
// so the figures of the log are those of each desk. Rate and floods count what
// sounds; the mix counts all.
type Figures struct {
	From, To Millis
	ByKind   map[Kind]int // how often each kind called
	All      int
	Sounded  int     // of them, alarms and warnings
	Rate     float64 // of those, in ten minutes on average
	Peak     int     // most in any ten minutes
	Floods   int
	Flood    float64 // share of the time, 0 to 1
}

// Share is the share of a kind in all calls, 0 to 1.
func (f Figures) Share(kinds ...Kind) float64 {
	if f.All == 0 {
		return 0
	}
	n := 0
	for _, k := range kinds {
		n += f.ByKind[k]
	}
	return float64(n) / float64(f.All)
}

// Days is how long was measured.
func (f Figures) Days() float64 { return float64(f.To-f.From) / (24 * 3600 * 1000) }

// FiguresOf counts the calls of a stretch of time, oldest first.
func FiguresOf(calls []Call, from, to Millis) Figures {
	f := Figures{From: from, To: to, ByKind: map[Kind]int{}}
	var loud []Millis
	for _, c := range calls {
		if c.At < from || c.At >= to {
			continue
		}
		f.ByKind[c.Kind]++
		f.All++
		if c.Kind.Loud() {
			loud = append(loud, c.At)
		}
	}
	f.Sounded = len(loud)
	if to <= from {
		return f
	}
	window := Millis(Window / time.Millisecond)
	f.Rate = float64(f.Sounded) * float64(window) / float64(to-from)
	f.floods(loud, window)
	return f
}

// floods walks over the calls as they come into the window and leave it.
func (f *Figures) floods(loud []Millis, window Millis) {
	slices.Sort(loud)
	var begun, total Millis
	flooding, inside := false, 0
	for in, out := 0, 0; out < len(loud); {
		var at Millis
		if in < len(loud) && loud[in] < loud[out]+window {
			at = loud[in]
			in, inside = in+1, inside+1
		} else {
			at = loud[out] + window
			out, inside = out+1, inside-1
		}
		at = min(at, f.To)
		f.Peak = max(f.Peak, inside)
		switch {
		case !flooding && inside > FloodBegins:
			flooding, begun = true, at
			f.Floods++
		case flooding && inside < FloodEnds:
			flooding = false
			total += at - begun
		}
	}
	f.Flood = float64(total) / float64(f.To-f.From)
}
