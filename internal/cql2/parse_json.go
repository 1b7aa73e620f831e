package cql2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
)

// ParseJSON reads a filter in CQL2 JSON.
func ParseJSON(src []byte) (*Node, error) {
	if len(src) > MaxLength {
		return nil, tooLong(len(src))
	}
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fail(Place{}, "the filter is not JSON: %v", err)
	}
	if dec.More() {
		return nil, fail(Place{}, "the filter is followed by something else")
	}
	p := &jsonParser{}
	return p.expr(v, "", 0)
}

type jsonParser struct{ budget }

// expr reads one value; at is its JSON pointer.
func (p *jsonParser) expr(v any, at string, depth int) (*Node, error) {
	n := &Node{Op: "literal", At: pointer(at)}
	if depth > MaxDepth {
		return nil, tooDeep(n.At)
	}
	if err := p.node(n.At); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case bool:
		n.Lit = OfBool(v)
	case string:
		n.Lit = OfText(v)
	case json.Number:
		x, err := v.Float64()
		if err != nil {
			return nil, fail(n.At, "the number %s is too large", v)
		}
		n.Lit = OfNumber(x)
	case []any:
		args, err := p.list(v, at, depth)
		n.Op, n.Args = "array", args
		return n, err
	case map[string]any:
		return p.object(v, n, at, depth)
	default:
		return nil, fail(n.At, "null is no value; ask with isNull")
	}
	return n, nil
}

func (p *jsonParser) list(items []any, at string, depth int) ([]*Node, error) {
	var out []*Node
	for i, item := range items {
		n, err := p.expr(item, at+"/"+strconv.Itoa(i), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (p *jsonParser) object(v map[string]any, n *Node, at string, depth int) (*Node, error) {
	switch {
	case v["op"] != nil:
		return p.operation(v, n, at, depth)
	case v["property"] != nil:
		name, ok := v["property"].(string)
		if !ok {
			return nil, fail(n.At, "property names one property, as a text")
		}
		n.Op, n.Name = "property", name
	case v["date"] != nil || v["timestamp"] != nil:
		word := "timestamp"
		if v["date"] != nil {
			word = "date"
		}
		s, _ := v[word].(string)
		t, ok := ParseTime(s)
		if !ok || (t.Type == Date) != (word == "date") {
			return nil, fail(n.At, "%q is no %s; write %s", fmt.Sprint(v[word]), word, map[string]string{"date": "2023-03-14", "timestamp": "2023-03-14T06:03:00Z"}[word])
		}
		n.Lit = t
	case v["interval"] != nil:
		return p.interval(v["interval"], n, at, depth)
	case v["bbox"] != nil:
		return p.bbox(v["bbox"], n)
	case v["type"] != nil:
		return p.geometry(v, n)
	default:
		return nil, fail(n.At, "expected an object with op, property, date, timestamp, interval, bbox, or a GeoJSON geometry")
	}
	return n, nil
}

func (p *jsonParser) operation(v map[string]any, n *Node, at string, depth int) (*Node, error) {
	op, ok := v["op"].(string)
	if !ok || op == "" {
		return nil, fail(n.At, "op names an operator, as a text")
	}
	args, ok := v["args"].([]any)
	if !ok {
		return nil, fail(n.At, "%s needs args, a list", op)
	}
	nodes, err := p.list(args, at+"/args", depth)
	if err != nil {
		return nil, err
	}
	n.Op, n.Args = strings.ToLower(op), nodes
	switch n.Op {
	case "property", "literal", "interval":
		return nil, fail(n.At, "there is no function %s", op)
	case "in":
		if len(nodes) != 2 || nodes[1].Op != "array" {
			return nil, fail(n.At, "in takes a value and a list")
		}
		n.Args = append(nodes[:1:1], nodes[1].Args...)
	case "-":
		if len(nodes) == 1 {
			n.Op, n.Args = "*", []*Node{{Op: "literal", Lit: OfNumber(-1), At: n.At}, nodes[0]}
		}
	}
	return n, nil
}

func (p *jsonParser) interval(v any, n *Node, at string, depth int) (*Node, error) {
	ends, ok := v.([]any)
	if !ok || len(ends) != 2 {
		return nil, fail(n.At, "an interval has two ends")
	}
	n.Op = "interval"
	for i, e := range ends {
		where := fmt.Sprintf("%s/interval/%d", at, i)
		s, ok := e.(string)
		if !ok {
			end, err := p.expr(e, where, depth+1)
			if err != nil {
				return nil, err
			}
			n.Args = append(n.Args, end)
			continue
		}
		lit := OfText(s)
		if s != ".." {
			if lit, ok = ParseTime(s); !ok {
				return nil, fail(pointer(where), "%q is no time; write 2023-03-14, 2023-03-14T06:03:00Z or ..", s)
			}
		}
		n.Args = append(n.Args, &Node{Op: "literal", Lit: lit, At: pointer(where)})
	}
	return n, nil
}

func (p *jsonParser) bbox(v any, n *Node) (*Node, error) {
	numbers, _ := v.([]any)
	var corners []float64
	for _, x := range numbers {
		num, ok := x.(json.Number)
		f, err := num.Float64()
		if !ok || err != nil {
			return nil, fail(n.At, "a box has numbers only")
		}
		corners = append(corners, f)
	}
	g, err := box(n.At, corners)
	n.Lit = Value{Type: Geometry, Geometry: g}
	return n, err
}

func (p *jsonParser) geometry(v map[string]any, n *Node) (*Node, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fail(n.At, "this geometry cannot be read: %v", err)
	}
	if err := p.points(n.At, bytes.Count(raw, []byte{','})/2+1); err != nil {
		return nil, err
	}
	g, err := geom.UnmarshalGeoJSON(raw)
	if err != nil {
		return nil, fail(n.At, "this geometry cannot be read: %v", err)
	}
	n.Lit = Value{Type: Geometry, Geometry: g.Force2D()}
	return n, nil
}

// pointer makes the place of a JSON pointer; the whole document is "/".
func pointer(at string) Place {
	if at == "" {
		at = "/"
	}
	return Place{Pointer: at}
}
