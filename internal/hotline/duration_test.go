package hotline

import "testing"

func TestFormatDuration(t *testing.T) {
	for _, tt := range []struct {
		ms   Millis
		want string
	}{
		{-5, "0 min"}, {0, "0 min"}, {59_999, "0 min"}, {minute, "1 min"}, {57 * minute, "57 min"},
		{hour - 1, "59 min"}, {hour, "1 h"}, {9 * hour, "9 h"}, {17*hour + 57*minute, "17 h 57"},
		{17*hour + 5*minute, "17 h 05"}, {33 * hour, "33 h"}, {72*hour - 1, "71 h 59"}, {72 * hour, "3 d"},
		{76 * hour, "3 d 4 h"}, {76*hour + 59*minute, "3 d 4 h"}, {10*day - 1, "9 d 23 h"}, {10*day + 23*hour, "10 d"}, {61 * day, "61 d"},
	} {
		if got := FormatDuration(tt.ms); got != tt.want {
			t.Errorf("FormatDuration(%d) = %q, want %q", tt.ms, got, tt.want)
		}
	}
}

func TestFormatBounds(t *testing.T) {
	for _, tt := range []struct {
		b    Bounds
		want string
	}{
		{Bounds{9 * hour, 33 * hour}, "9 to 33 h"},
		{Bounds{56 * minute, 58 * minute}, "56 to 58 min"},
		{Bounds{0, 48 * hour}, "0 to 48 h"},
		{Bounds{0, 2 * minute}, "0 to 2 min"},
		{Bounds{0, 1}, "0 to 1 min"},
		{Bounds{0, 0}, "0 min"},
		{Bounds{0, 31 * day}, "0 to 31 d"},
		{Bounds{0, 17*hour + 57*minute}, "0 to 17 h 57"},
		{Bounds{45 * minute, 2 * hour}, "45 min to 2 h"},
		{Bounds{17*hour + 57*minute, 41*hour + 57*minute}, "17 h 57 to 41 h 57"},
		{Bounds{48 * hour, 96 * hour}, "48 h to 4 d"},
		{Bounds{4 * day, 6 * day}, "4 to 6 d"},
		{Bounds{5 * hour, 5 * hour}, "5 h"},
		{Bounds{5*hour + 1, 6*hour - 1}, "5 to 6 h"},
		{Bounds{59*minute + 1, 60 * minute}, "59 min to 1 h"},
		{Bounds{70 * hour, 72*hour - 1}, "70 h to 3 d"},
		{Bounds{9*day + 22*hour, 9*day + 23*hour + 1}, "9 d 22 h to 10 d"},
		{Bounds{11*day + 5*hour, 20*day + 1}, "11 to 21 d"},
		{Bounds{0, Unbounded}, "an unknown time"},
		{Bounds{9 * hour, Unbounded}, "at least 9 h"},
	} {
		if got := FormatBounds(tt.b); got != tt.want {
			t.Errorf("FormatBounds(%v) = %q, want %q", tt.b, got, tt.want)
		}
	}
}

// What is written holds what is meant, at every step of the units.
func TestFormatBoundsHolds(t *testing.T) {
	for _, ms := range []Millis{minute, hour, daysFrom, wholeDaysFrom} {
		for _, d := range []Millis{-day, -hour, -minute, -1, 0, 1, minute, hour, day} {
			if ms+d <= 0 {
				continue
			}
			if top := roundUp(ms + d); top < ms+d || FormatDuration(top) == FormatDuration(top-1) {
				t.Errorf("%d is rounded up to %d, written %s", ms+d, top, FormatDuration(top))
			}
		}
	}
}
