package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

// topology is the part of a TopoJSON document that the land needs: one
// collection of multipolygons whose rings are lists of shared arcs.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]int
	Objects   struct {
		Land struct {
			Geometries []struct {
				Type string
				Arcs [][][]int
			}
		}
	}
}

// readTopology gives the polygons of the object "land" in degrees.
func readTopology(raw []byte) (orb.MultiPolygon, error) {
	var t topology
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	if len(t.Objects.Land.Geometries) == 0 {
		return nil, errors.New("no object \"land\"")
	}
	lines := make([]orb.LineString, len(t.Arcs))
	for i := range t.Arcs {
		lines[i] = t.line(i)
	}
	var polygons orb.MultiPolygon
	for _, g := range t.Objects.Land.Geometries {
		if g.Type != "MultiPolygon" {
			return nil, fmt.Errorf("land is a %s, not a MultiPolygon", g.Type)
		}
		for _, p := range g.Arcs {
			polygon, err := join(p, lines)
			if err != nil {
				return nil, err
			}
			polygons = append(polygons, polygon)
		}
	}
	return polygons, nil
}

// line undoes the delta encoding and quantisation of an arc (TopoJSON 1.0.0,
// sections 2.1.3 and 2.1.4).
func (t *topology) line(i int) orb.LineString {
	x, y := 0, 0
	line := make(orb.LineString, len(t.Arcs[i]))
	for j, d := range t.Arcs[i] {
		x, y = x+d[0], y+d[1]
		line[j] = orb.Point{
			float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0],
			float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1],
		}
	}
	return line
}

// join strings a polygon's arcs together; a negative index is the arc of its
// complement, backwards, and each arc begins where the last one ended.
func join(rings [][]int, lines []orb.LineString) (orb.Polygon, error) {
	var polygon orb.Polygon
	for _, arcs := range rings {
		var ring orb.Ring
		for _, i := range arcs {
			backwards := i < 0
			if backwards {
				i = ^i
			}
			if i >= len(lines) {
				return nil, fmt.Errorf("no arc %d", i)
			}
			line := lines[i].Clone()
			if backwards {
				line.Reverse()
			}
			if len(ring) > 0 {
				line = line[1:]
			}
			ring = append(ring, line...)
		}
		if len(ring) == 0 || ring[0] != ring[len(ring)-1] {
			return nil, errors.New("a ring is not closed")
		}
		polygon = append(polygon, ring)
	}
	return polygon, nil
}
