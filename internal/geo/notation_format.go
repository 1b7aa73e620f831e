package geo

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// FormatPoint writes a position in a notation: "dd" to four decimals (11 m),
// "dms" to the second (31 m), "mgrs" to the square of a metre, "utm" and "ups"
// to the metre on whichever of the two serves there, "georef" to the hundredth of
// a minute (19 m), and in any other case "dm" to the tenth of a minute (185 m):
// 58°54.0'N 022°30.0'E.
func FormatPoint(p orb.Point, notation string) string {
	switch notation {
	case "mgrs":
		return FormatMGRS(p, 5)
	case "utm", "ups":
		return formatUTM(p)
	case "georef":
		return formatGEOREF(p, 4)
	}
	return formatAngle(p[1], 1, notation) + " " + formatAngle(halfCircle(p[0]), 0, notation)
}

// formatAngle rounds in units of the last place first, so that 59.96' carries.
func formatAngle(deg float64, axis int, notation string) string {
	hemi := [2]string{"EW", "NS"}[axis][0]
	if math.Signbit(deg) {
		hemi = [2]string{"EW", "NS"}[axis][1]
	}
	width := 3 - axis
	size := math.Abs(deg)
	switch notation {
	case "dd":
		n := int64(math.Round(size * 1e4))
		return fmt.Sprintf("%0*d.%04d°%c", width, n/1e4, n%1e4, hemi)
	case "dms":
		n := int64(math.Round(size * 3600))
		return fmt.Sprintf(`%0*d°%02d'%02d"%c`, width, n/3600, n/60%60, n%60, hemi)
	default:
		n := int64(math.Round(size * 600))
		return fmt.Sprintf("%0*d°%02d.%d'%c", width, n/600, n/10%60, n%10, hemi)
	}
}

// FormatGeometry writes a geometry so that ReadPosition reads it back within
// the notation's precision. What positions in a row cannot say, such as an area
// with holes, is written as GeoJSON; no geometry is empty.
func FormatGeometry(g orb.Geometry, notation string) string {
	switch g := g.(type) {
	case nil:
		return ""
	case orb.Point:
		return FormatPoint(g, notation)
	case orb.LineString:
		return formatPath(g, notation)
	case orb.Ring:
		return "area " + formatPath(g, notation)
	case orb.Polygon:
		if len(g) == 1 {
			return "area " + formatPath(g[0], notation)
		}
	}
	return string(AppendGeometry(nil, g))
}

func formatPath(path []orb.Point, notation string) string {
	texts := make([]string, len(path))
	for i, p := range path {
		texts[i] = FormatPoint(p, notation)
	}
	return strings.Join(texts, " → ")
}
