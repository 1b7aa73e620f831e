package kml

import (
	"image/color"

	gokml "github.com/twpayne/go-kml/v3"

	"interceptlog/internal/incidents"
)

// look is how a severity is drawn: by size too, so that colour is not needed to
// tell them apart. No icon is named, since it would be fetched from elsewhere.
type look struct {
	color color.RGBA
	scale float64
	width float64 // pixels
}

var (
	unrated = look{color.RGBA{0x5a, 0x5f, 0x61, 0xff}, 0.8, 2}
	looks   = map[string]look{
		"near_routine": {color.RGBA{0x00, 0x55, 0x8f, 0xff}, 0.9, 2},
		"serious":      {color.RGBA{0xff, 0xb5, 0x2e, 0xff}, 1.1, 3},
		"high_risk":    {color.RGBA{0xb0, 0x0d, 0x16, 0xff}, 1.3, 4},
	}
)

// styleOf is the id of the style of a severity.
func styleOf(severity string) string {
	if _, ok := looks[severity]; ok {
		return "severity-" + severity
	}
	return "unrated"
}

func styles() []gokml.Element {
	out := []gokml.Element{unrated.element("unrated")}
	for _, code := range incidents.Severities.Codes() {
		out = append(out, looks[code].element(styleOf(code)))
	}
	return out
}

func (l look) element(id string) gokml.Element {
	fill := l.color
	fill.A = 0x40 // a quarter, so that the map under an area is still read
	return gokml.SharedStyle(id,
		gokml.IconStyle(gokml.Color(l.color), gokml.Scale(l.scale)),
		gokml.LineStyle(gokml.Color(l.color), gokml.Width(l.width)),
		gokml.PolyStyle(gokml.Color(fill)))
}
