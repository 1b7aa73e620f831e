package feature

import (
	"math"
	"time"
)

// Finite tells whether a number is one that a file can hold.
func Finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// ValueOf reads a value as files and JSON have it (string, float64, int64, bool,
// []any, nil); false if it is not of the kind.
func ValueOf(k Kind, v any) (Value, bool) {
	switch x := v.(type) {
	case nil:
		return Value{Null: k != List}, true
	case string:
		switch k {
		case Text:
			return Value{Text: x, Null: x == ""}, true
		case Instant:
			t, err := time.Parse(time.RFC3339Nano, x)
			return Value{Int: t.UnixMilli()}, err == nil
		}
	case bool:
		return Value{Bool: x}, k == Bool
	case int64:
		switch k {
		case Integer:
			return Value{Int: x}, true
		case Number:
			return Value{Number: float64(x)}, true
		}
	case float64:
		switch k {
		case Integer:
			return Value{Int: int64(x)}, x == math.Trunc(x) && math.Abs(x) < 1<<53
		case Number:
			return Value{Number: x}, true
		}
	case []any:
		out := Value{}
		for _, m := range x {
			s, ok := m.(string)
			if !ok {
				return Value{}, false
			}
			out.List = append(out.List, s)
		}
		return out, k == List
	}
	return Value{}, false
}
