package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

func (a *Atlas) readPlaces() error {
	layer, err := readLayer[struct {
		Name, Kind, Country, ICAO, Region string
		Aliases                           []string
		Accuracy                          float64 `json:"accuracy_km"`
	}]("places", placesJSON)
	if err != nil {
		return err
	}
	for _, f := range layer {
		p := f.Properties
		point, _ := f.geometry.(orb.Point)
		a.places = append(a.places, Place{
			ID: f.ID, Name: p.Name, Kind: p.Kind, Country: p.Country, ICAO: p.ICAO, Region: p.Region,
			Aliases: p.Aliases, Point: point, AccuracyKM: p.Accuracy,
		})
		a.inSpace = append(a.inSpace, toSpace(point))
	}
	a.indexPlaces()
	return nil
}

// Places are the reference points.
func (a *Atlas) Places() []Place { return a.places }

// NearestPlace is the place nearest to a point, with the bearing (degrees true)
// and distance from the place to the point: "23 NM north-west of Visby".
func (a *Atlas) NearestPlace(p orb.Point) (place Place, bearingDeg, distanceNM float64) {
	least := math.Inf(1)
	at := toSpace(p)
	for i, in := range a.inSpace {
		if d := at.sub(in).length(); d < least {
			least, place = d, a.places[i]
		}
	}
	return place, Bearing(place.Point, p), DistanceNM(place.Point, p)
}

// Within12NM names the states (ISO 3166-1 alpha-2, sorted) whose land or
// approximate 12 NM band a geometry touches, and whether there is any. The band
// is no legal limit: show this as a hint, never as a finding.
func (a *Atlas) Within12NM(g orb.Geometry) (states []string, inside bool) {
	for _, s := range a.states {
		if !slices.Contains(states, s.state) && slices.ContainsFunc(s.areas, func(b boxed) bool { return b.touches(g) }) {
			states = append(states, s.state)
		}
	}
	slices.Sort(states)
	return states, len(states) > 0
}
