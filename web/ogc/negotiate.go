package ogc

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// negotiate chooses json or html: what ?f= says, otherwise what Accept weighs
// highest (RFC 9110 §12.5.1). offer are the media types that mean json here,
// the first of them for whoever takes anything.
func negotiate(r *http.Request, f string, offer []string) (string, error) {
	switch f {
	case "json", "html":
		return f, nil
	case "":
	default:
		if slices.Contains(offer, typeGeoJSON) && f == "geojson" {
			return "json", nil
		}
		return "", bad("f", f, "json, html")
	}
	header := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(header) == "" {
		return "json", nil
	}
	json, html := 0.0, weight(header, typeHTML)
	for _, t := range offer {
		json = max(json, weight(header, t))
	}
	switch {
	case json == 0 && html == 0:
		return "", &problem{Status: http.StatusNotAcceptable, Detail: "This address gives " + strings.Join(append(slices.Clone(offer), typeHTML), " or ") + ", and the header Accept takes neither.",
			Parameter: "Accept", Value: clip(header), Accepted: strings.Join(append(slices.Clone(offer), typeHTML), ", ")}
	case html > json:
		return "html", nil
	}
	return "json", nil
}

// weight is the quality that an Accept header gives a media type; the most
// specific range counts.
func weight(header, mediaType string) float64 {
	want, _, _ := strings.Cut(mediaType, ";")
	group, _, _ := strings.Cut(want, "/")
	best, quality := 0, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(part), ";")
		how := 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case want:
			how = 3
		case group + "/*":
			how = 2
		case "*/*":
			how = 1
		}
		if how <= best {
			continue
		}
		q := 1.0
		for param := range strings.SplitSeq(rest, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(strings.ToLower(param)), "q="); ok {
				if x, err := strconv.ParseFloat(v, 64); err == nil && x >= 0 && x <= 1 {
					q = x
				}
			}
		}
		best, quality = how, q
	}
	return quality
}
