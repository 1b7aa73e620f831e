package intake

import (
	"slices"
)

// sides gives the fields of both parties.
func (d *document) sides() []Field {
	var out []Field
	for role, name := range map[int]string{interceptor: "intercepting", target: "intercepted"} {
		out = append(out, d.nationsOf(role, name)...)
		out = append(out, d.aircraftOf(role, name)...)
	}
	return append(out, d.base()...)
}

func (d *document) nationsOf(role int, name string) []Field {
	var codes []string
	first := -1
	for _, p := range d.parties {
		if p.role != role {
			continue
		}
		for _, n := range p.nations {
			if !slices.Contains(codes, n.code) {
				codes = append(codes, n.code)
			}
			at := n.token
			if at < 0 {
				at = p.head
			}
			if first < 0 || first != at && d.parties[0].nations == nil && at < first {
				first = at
			}
		}
	}
	if len(codes) > 1 {
		codes = slices.DeleteFunc(codes, func(c string) bool { return c == "NATO" })
	}
	if len(codes) == 0 {
		return nil
	}
	return []Field{d.fieldOf(name+".nations", codes, d.forceFrom(first), first)}
}

// second reports whether a party is told of as one more: "a second Su-24".
func (d *document) second(p *party) bool {
	for k := p.first; k < p.head; k++ {
		if d.low(k) == "second" || d.low(k) == "another" {
			return true
		}
	}
	return false
}

// forceFrom is where the name of a force begins that ends at a token: "Southern
// Military District", "Royal Air Force".
func (d *document) forceFrom(i int) int {
	switch d.low(i) {
	case "district", "fleet", "force":
		for k := i - 1; k >= i-3 && d.same(k, i) && d.tokens[k].upper && d.tokens[k].word; k-- {
			if d.partyAt(k) != d.partyAt(i) {
				break
			}
			i = k
		}
	}
	return i
}

func (d *document) aircraftOf(role int, name string) []Field {
	type entry struct{ key, designator string }
	var seen []entry
	var list []Aircraft
	start, end := -1, -1
	for _, p := range d.parties {
		if p.role != role || p.span == nil || p.span.Designator() == "ZZZZ" {
			continue
		}
		e := entry{p.span.Types[0].Name, p.span.Designator()}
		at := slices.IndexFunc(seen, func(s entry) bool { return s == e || s.designator == e.designator && !p.span.Model })
		if at >= 0 {
			switch {
			case list[at].Count == nil:
				list[at].Count = p.count
			case *list[at].Count == 1 && d.second(&p):
				two := 2
				list[at].Count = &two
			}
			continue
		}
		seen, list = append(seen, e), append(list, Aircraft{e.designator, p.count})
		if start < 0 {
			start, end = d.tokens[p.first].start, d.tokens[max(p.head, p.last)].end
			if p.count == nil || d.tokens[p.first].low == "a" || d.tokens[p.first].low == "an" {
				start = d.tokens[p.head].start
			}
			if p.last > p.head {
				end = d.tokens[p.head].end
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	for _, p := range d.parties {
		if p.role == nobody && p.span != nil && d.second(&p) && len(list) == 1 && list[0].Designator == p.span.Designator() && list[0].Count != nil && *list[0].Count == 1 {
			two := 2
			list[0].Count = &two
		}
	}
	return []Field{d.field(name+".aircraft", list, min(start, end), end)}
}
