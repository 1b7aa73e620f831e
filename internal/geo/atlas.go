package geo

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/paulmach/orb"
)

// Atlas holds the reference layers. It does not change after it is made and may
// be used by many goroutines; what its methods return is shared and read only.
type Atlas struct {
	regions     []Region
	seas        []Sea
	places      []Place
	territorial []TerritorialBand
	land        orb.MultiPolygon

	regionAreas [][]boxed // outlines, in the order of regions
	seaAreas    [][]boxed
	states      []stateArea
	landAreas   []boxed
	coast       *coastIndex
	inSpace     []vector // the places, in their order
	byName      map[string][]named
}

// Region is one of the three seas that the log is kept for, with its coast.
type Region struct {
	ID, Name, ShortName string
	Label               orb.Point    // where to write the name
	View                orb.Bound    // what a map shows first
	Outline             orb.Geometry // sea and 120 km inland
	FIRs                []string     // ICAO codes, largest share first
	AirCommand          []string
	ControlCentres      []string
	Definition, Source  string
	AreaKM2             float64
	Projection          Projection // equal-area, centred on the sea
}

// Place is a reference point: "air_base", "city", "island", "cape", "strait" or
// "installation". Country is ISO 3166-1 alpha-2; ICAO may be empty, and a city's
// is that of its airport.
type Place struct {
	ID, Name, Kind, Country, ICAO, Region string
	Aliases                               []string
	Point                                 orb.Point
	AccuracyKM                            float64
}

// Sea is one sea area of IHO S-23, water only.
type Sea struct {
	ID, Name, Region string
	Label            orb.Point
	Outline          orb.Geometry
}

// TerritorialBand is the approximate 12 NM band of one state in one region. It
// is drawn from the coast, not from legal baselines.
type TerritorialBand struct {
	State, Region string // State is ISO 3166-1 alpha-2
	Area          orb.Geometry
}

// stateArea is a state's land and band together.
type stateArea struct {
	state string
	areas []boxed
}

// Default is the atlas of the embedded layers, read on first use. It panics when
// they are corrupt, which no input can cause.
var Default = sync.OnceValue(func() *Atlas {
	a, err := readAtlas()
	if err != nil {
		panic("geo: embedded layers: " + err.Error())
	}
	return a
})

// feature is one GeoJSON feature of a layer whose properties are P.
type feature[P any] struct {
	ID         string
	Properties P
	Geometry   struct {
		Type        string
		Coordinates json.RawMessage
	}
	geometry orb.Geometry
}

// readLayer reads a layer of the product's own, without limits.
func readLayer[P any](name string, raw []byte) ([]feature[P], error) {
	var doc struct{ Features []feature[P] }
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	for i := range doc.Features {
		f := &doc.Features[i]
		g, err := readCoordinates(f.Geometry.Type, f.Geometry.Coordinates, len(raw))
		if err != nil {
			return nil, fmt.Errorf("read %s, feature %q: %w", name, f.ID, err)
		}
		f.geometry = g
	}
	return doc.Features, nil
}

func readAtlas() (*Atlas, error) {
	a := &Atlas{}
	for _, read := range []func() error{a.readRegions, a.readSeas, a.readPlaces, a.readStates, a.readLand} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Atlas) readLand() error {
	layer, err := readLayer[struct{}]("land", LandJSON())
	if err != nil {
		return err
	}
	for _, f := range layer {
		land, ok := f.geometry.(orb.MultiPolygon)
		if !ok {
			return fmt.Errorf("land is a %s", f.Geometry.Type)
		}
		a.land = append(a.land, land...)
	}
	for _, b := range box(a.land) {
		a.landAreas = append(a.landAreas, b.banded())
	}
	a.coast = indexCoast(a.land)
	return nil
}

func (a *Atlas) readStates() error {
	type properties struct{ State, Region string }
	bands, err := readLayer[properties]("territorial", territorialJSON)
	if err != nil {
		return err
	}
	for _, f := range bands {
		a.territorial = append(a.territorial, TerritorialBand{f.Properties.State, f.Properties.Region, f.geometry})
	}
	areas, err := readLayer[properties]("state_areas", stateAreasJSON)
	if err != nil {
		return err
	}
	for _, f := range areas {
		a.states = append(a.states, stateArea{f.Properties.State, box(f.geometry)})
	}
	return nil
}

// Land is the land of the charts' window, 60°W–75°E and 36°N–84°N, in full
// detail only between 30°W, 38°N, 60°E and 82°N.
func (a *Atlas) Land() orb.MultiPolygon { return a.land }

// Territorial is the approximate 12 NM bands.
func (a *Atlas) Territorial() []TerritorialBand { return a.territorial }
