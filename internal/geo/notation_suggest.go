package geo

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// suggest looks for a slip of the keys that explains degrees out of range: a
// digit too many, or two changed round. It keeps the first that puts the
// position into one of the regions; anything else would be a guess.
func suggest(err error, wrong, other angle) error {
	e, ok := err.(*PositionError)
	if !ok || e.Suggestions != nil || e.Accepted != axisRange[wrong.axis] {
		return err
	}
	second, otherErr := other.read()
	numbers, splitErr := wrong.split()
	if otherErr != nil || splitErr != nil {
		return err
	}
	for _, digits := range slips(numbers[0].whole) {
		try := append([]written{{digits, numbers[0].decimals, numbers[0].mark}}, numbers[1:]...)
		v, tryErr := angle{axis: wrong.axis, numbers: try, hemi: wrong.hemi, minus: wrong.minus}.read()
		if tryErr != nil {
			continue
		}
		var p orb.Point
		p[wrong.axis], p[other.axis] = v.degrees, second.degrees
		if Default().regionAt(p) >= 0 {
			e.Suggestions = []string{wrong.compact(try)}
			return e
		}
	}
	return e
}

// slips are the digits that may have been meant, likeliest first, as wide as
// what was typed.
func slips(digits string) []string {
	var out []string
	n := len(digits)
	for _, i := range []int{1, 0, 2} {
		if i < n {
			out = append(out, "0"+digits[:i]+digits[i+1:])
		}
	}
	for i := 1; i < n; i++ {
		out = append(out, digits[:i-1]+digits[i:i+1]+digits[i-1:i]+digits[i+1:])
	}
	return out
}

// compact writes numbers run together with the angle's hemisphere or sign.
func (a angle) compact(numbers []written) string {
	var b strings.Builder
	if a.minus {
		b.WriteByte('-')
	}
	for i, n := range numbers {
		width := 2
		if i == 0 {
			width = 3 - a.axis
		}
		b.WriteString(fmt.Sprintf("%0*s", width, n.text()))
	}
	if a.hemi != 0 {
		b.WriteByte(a.hemi)
	}
	return b.String()
}
