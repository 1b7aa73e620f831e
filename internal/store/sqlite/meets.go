package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
	"modernc.org/sqlite"

	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
)

// meetsFunction is a function of SQL: whether the geometry of a record meets a
// box. SQLite has none of its own; an engine with shapes needs no such thing.
const meetsFunction = "interceptlog_meets"

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(meetsFunction, 5, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		var record struct{ Geometry incidents.Geometry }
		text, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("%s: the record is a %T", meetsFunction, args[0])
		}
		if err := json.Unmarshal([]byte(text), &record); err != nil {
			return nil, fmt.Errorf("%s: %w", meetsFunction, err)
		}
		var edges [4]float64
		for i, a := range args[1:] {
			switch x := a.(type) {
			case float64:
				edges[i] = x
			case int64:
				edges[i] = float64(x)
			default:
				return nil, fmt.Errorf("%s: an edge is a %T", meetsFunction, a)
			}
		}
		if record.Geometry.IsNone() {
			return int64(0), nil
		}
		box := orb.Bound{Min: orb.Point{edges[0], edges[1]}, Max: orb.Point{edges[2], edges[3]}}
		if geo.MeetsBox(record.Geometry.Geometry, box) {
			return int64(1), nil
		}
		return int64(0), nil
	})
}
