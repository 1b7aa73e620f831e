package geo

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the reference layers
	"io"
	"sync"
)

var (
	//go:embed data/land.json.gz
	landGzip []byte
	//go:embed data/regions.geojson
	regionsJSON []byte
	//go:embed data/seas.geojson
	seasJSON []byte
	//go:embed data/places.geojson
	placesJSON []byte
	//go:embed data/territorial.geojson
	territorialJSON []byte
	//go:embed data/state_areas.geojson
	stateAreasJSON []byte
)

var gunzipLand = sync.OnceValue(func() []byte {
	z, err := gzip.NewReader(bytes.NewReader(landGzip))
	if err != nil {
		panic("geo: data/land.json.gz: " + err.Error())
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic("geo: data/land.json.gz: " + err.Error())
	}
	return text
})

// LandJSON is the land as GeoJSON for a browser. The layers returned by this
// and the next functions are shared: do not change them.
func LandJSON() []byte { return gunzipLand() }

// RegionsJSON is the regions as GeoJSON.
func RegionsJSON() []byte { return regionsJSON }

// PlacesJSON is the places as GeoJSON.
func PlacesJSON() []byte { return placesJSON }

// TerritorialJSON is the approximate 12 NM bands as GeoJSON.
func TerritorialJSON() []byte { return territorialJSON }
