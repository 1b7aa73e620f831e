package store

import "testing"

// FuzzCursor: whatever stands in an address, a cursor is refused or has all
// that a list needs of it.
func FuzzCursor(f *testing.F) {
	text := "a title"
	for _, c := range []cursor{
		{Sort: "-start", Key: intKey(1 << 62), ID: "x"},
		{Sort: "-start", Key: cursorKey{T: &text}, ID: "x", Back: true},
		{Sort: "-start", Back: true, End: true},
	} {
		f.Add(c.String())
	}
	f.Add("e30")
	f.Add("bnVsbA")
	f.Add("eyJzIjoiLXN0YXJ0IiwiaSI6IngifQ")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := readCursor(s, "-start")
		if err != nil {
			return
		}
		if c.ID != "" {
			c.Key.value()
		} else if !c.Back || !c.End {
			t.Errorf("%q is no place", s)
		}
		if again, err := readCursor(c.String(), "-start"); err != nil || again.ID != c.ID || again.Back != c.Back {
			t.Errorf("%q is read as %+v, and then as %+v, %v", s, c, again, err)
		}
	})
}
