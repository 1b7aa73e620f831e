package store

import (
	"fmt"
	"math"
	"strings"

	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// sorts are the orders of a list: what each is sorted by, rising and falling.
// What has no value (the number of a draft, the deadline where none is set)
// comes last either way. An order whose falling column stands alone has an
// index.
var sorts = map[string]func(w *where, now incidents.Millis, down bool) string{
	"start":    func(*where, incidents.Millis, bool) string { return "r.start_from" },
	"recorded": func(*where, incidents.Millis, bool) string { return "r.valid_from" },
	"title":    func(*where, incidents.Millis, bool) string { return "r.title_key" },
	"region":   func(*where, incidents.Millis, bool) string { return "r.region" },
	"number": func(_ *where, _ incidents.Millis, down bool) string {
		if down {
			return "r.number_key"
		}
		return fmt.Sprintf("case r.number_key when 0 then %d else r.number_key end", math.MaxInt64)
	},
	"deadline": func(_ *where, _ incidents.Millis, down bool) string {
		if down {
			return fmt.Sprintf("coalesce(f.deadline_from, %d)", -math.MaxInt64)
		}
		return fmt.Sprintf("coalesce(f.deadline_from, %d)", math.MaxInt64)
	},
	"severity": func(*where, incidents.Millis, bool) string {
		return "case r.severity" + ranks(incidents.Severities.Codes(), func(i int, _ string) int { return i + 1 }) + " else 0 end"
	},
	"deescalation": func(w *where, now incidents.Millis, _ bool) string {
		// One unanswered call must not silence the board.
		return fmt.Sprintf("case when %[1]s = '%[2]s' and f.deadline_from <= %[3]s then %[4]d else case %[1]s%[5]s else 7 end end",
			w.statusSQL("worst", now), hotline.Attempted, w.arg(now), hotline.Overdue.Rank(),
			ranks(incidents.Deescalations.Codes(), func(_ int, code string) int { return hotline.Status(code).Rank() }))
	},
}

// ranks writes the branches of a case that puts codes in order.
func ranks(codes []string, rank func(i int, code string) int) string {
	var b strings.Builder
	for i, c := range codes {
		fmt.Fprintf(&b, " when '%s' then %d", c, rank(i, c))
	}
	return b.String()
}

// order is a page's order, read.
type order struct {
	name string
	key  string
	down bool
}

func (w *where) order(p hotline.Page, now incidents.Millis) (order, error) {
	o := order{name: p.Sort}
	if o.name == "" {
		o.name = "-start"
	}
	name, down := strings.CutPrefix(o.name, "-")
	key := sorts[name]
	if key == nil {
		return o, &fault.Error{Kind: fault.Invalid, Msg: "The list cannot be sorted so.",
			Fields: []fault.Field{{Name: "sort", Msg: "is no order; accepted: " + strings.Join(hotline.Sorts, ", ") + ", each with - in front for descending."}}}
	}
	o.down = down
	o.key = key(w, now, down)
	return o, nil
}

// sql gives the direction and the comparison of rows that follow, walking on
// or, with back, towards the first page.
func (o order) sql(back bool) (direction, beyond string) {
	if o.down != back {
		return "desc", "<"
	}
	return "asc", ">"
}
