package cql2

// interval makes an interval of two ends; '..' leaves one open. With an end that
// is null it is null, as the tests of 21-065r2 (/conf/temporal-functions/test-data) have it.
func (c call) interval() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	for i, t := range c.types {
		open := c.args[i].lit != nil && c.args[i].lit.Text == ".."
		if t != Null && t != Date && t != Instant && !open {
			return nil, 0, fail(c.n.Args[i].At, "an interval has a date, a timestamp or '..' at each end, and this is %s", t)
		}
	}
	at := c.n.At
	return c.mapped(Interval, func(vs []Value) (Value, error) {
		if vs[0].Type == Null || vs[1].Type == Null {
			return Value{}, nil
		}
		v := OfInterval(Past, Future)
		if vs[0].Type.temporal() {
			v.From = vs[0].From
		}
		if vs[1].Type.temporal() {
			v.To = vs[1].To
		}
		if v.From > v.To {
			if c.args[0].lit != nil && c.args[1].lit != nil {
				return v, fail(at, "the interval ends before it begins")
			}
			return Value{}, nil // made of properties: no interval
		}
		return v, nil
	})
}

func (c call) temporal() (evaluator, Type, error) {
	if err := c.count(2); err != nil {
		return nil, 0, err
	}
	for i, a := range c.args {
		if c.types[i] == Text && a.lit != nil {
			v, ok := ParseTime(a.lit.Text)
			if !ok {
				return nil, 0, fail(c.n.Args[i].At, "%q is no time; write 2023-03-14 or 2023-03-14T06:03:00Z", a.lit.Text)
			}
			c.args[i], c.types[i] = constant(v), v.Type
		}
	}
	if err := c.each(Instant, Date, Interval); err != nil {
		return nil, 0, err
	}
	test := temporalTests[c.n.Op]
	return c.known(Boolean, func(vs []Value) (Value, error) {
		a, b := vs[0], vs[1]
		return OfBool(test(a, b)), nil
	})
}

// temporalTests are the relations of 21-065r2 §7.9 (Allen's), over periods whose
// first and last millisecond belong to them. An instant is a period whose ends
// are one.
var temporalTests = map[string]func(a, b Value) bool{
	"t_after":        func(a, b Value) bool { return a.From > b.To },
	"t_before":       func(a, b Value) bool { return a.To < b.From },
	"t_contains":     func(a, b Value) bool { return a.From < b.From && a.To > b.To },
	"t_disjoint":     func(a, b Value) bool { return a.From > b.To || a.To < b.From },
	"t_during":       func(a, b Value) bool { return a.From > b.From && a.To < b.To },
	"t_equals":       func(a, b Value) bool { return a.From == b.From && a.To == b.To },
	"t_finishedby":   func(a, b Value) bool { return a.From < b.From && a.To == b.To },
	"t_finishes":     func(a, b Value) bool { return a.From > b.From && a.To == b.To },
	"t_intersects":   func(a, b Value) bool { return a.From <= b.To && a.To >= b.From },
	"t_meets":        func(a, b Value) bool { return meets(a, b) },
	"t_metby":        func(a, b Value) bool { return meets(b, a) },
	"t_overlappedby": func(a, b Value) bool { return overlaps(b, a) },
	"t_overlaps":     func(a, b Value) bool { return overlaps(a, b) },
	"t_startedby":    func(a, b Value) bool { return a.From == b.From && a.To > b.To },
	"t_starts":       func(a, b Value) bool { return a.From == b.From && a.To < b.To },
}

// meets: the one ends where the other begins. A day ends where the next begins.
func meets(a, b Value) bool {
	return a.To == b.From || a.Type != Instant && a.To != Future && a.To+1 == b.From && b.From%dayMillis == 0
}

func overlaps(a, b Value) bool {
	return a.From < b.From && a.To > b.From && a.To < b.To && !meets(a, b)
}
