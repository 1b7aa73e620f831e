package intake

import (
	"encoding/json"
	"testing"

	"interceptlog/internal/geo"
)

// TestSets reads messages in sets, lists and telegrams; want is JSON, null for
// a field that must stay empty.
func TestSets(t *testing.T) {
	tests := []struct{ text, name, want string }{
		{"OWN/2/F16/BE/SIAULIAI//TGT/1/IL20/RU//", "intercepting.aircraft", `[{"designator":"F16","count":2}]`},
		{"OWN/2/F16/BE/SIAULIAI//TGT/1/IL20/RU//", "intercepting.nations", `["BE"]`},
		{"OWN/2/F16/BE/SIAULIAI//TGT/1/IL20/RU//", "intercepted.aircraft", `[{"designator":"IL18","count":1}]`},
		{"TGT/RU/SU24/2//OWN/PL/MG29/UNK//", "intercepted.aircraft", `[{"designator":"SU24","count":2}]`},
		{"TGT/-/-/-//OWN/2/F16/BE/SIAULIAI//", "intercepted.aircraft", `null`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//SQK/STBY//", "transponder", `"off"`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//SQK/7000//", "transponder", `"on"`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//SQK/UNK//", "transponder", `null`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//FPL/N/A//", "flight_plan", `null`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//RT/NO//", "radio_contact", `"no"`},
		{"OWN/2/F16/BE//TGT/1/IL20/RU//NARR/ESCORTED TO THE FIR//", "behaviours", `["escort"]`},
		{"Radio\tyes\nTarget\tIl-20 (RU)\nOwn\t2 x F-16 (BE), Šiauliai", "radio_contact", `"yes"`},
		{"Target: Il-20 (RU)\nOwn: 2 x F-16 (BE), Šiauliai", "intercepting.base", `"Šiauliai"`},
		{"2X F35 AIRBORNE ID 1X IL38. IFF ON FPL YES RADIO NIL.", "intercepted.aircraft", `[{"designator":"IL38","count":1}]`},
		{"2X F35 AIRBORNE ID 1X IL38. SQK NIL FPL FILED.", "flight_plan", `"filed"`},
		{"2X F35 AIRBORNE ID 1X IL38. IFF ON NO FPL RADIO YES.", "radio_contact", `"yes"`},
		{"242115Z NOV 26 2X F35 ID 1X IL38. RTB 2240Z.", "to", `null`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(fieldsOf(tt.text)[tt.name])
		if err != nil || string(got) != tt.want {
			t.Errorf("%q: %s = %s, want %s (%v)", tt.text, tt.name, got, tt.want, err)
		}
	}
}

// TestFieldText holds the words that a field rests on.
func TestFieldText(t *testing.T) {
	tests := []struct{ text, name, want string }{
		{"Polish MiG-29s intercepted a Russian Il-20 this morning.", "from", "this morning"},
		{"A Su-27 of the Southern Military District intercepted a US P-8A.", "intercepting.nations", "Southern Military District"},
		{"On 14 March 2023 at 16:30 UTC Norwegian F-35s intercepted a Tu-95.", "from", "14 March 2023 at 16:30 UTC"},
	}
	for _, tt := range tests {
		got := ""
		for _, f := range Read(tt.text, pasted, geo.Default()) {
			if f.Name == tt.name {
				got = f.Text
			}
		}
		if got != tt.want {
			t.Errorf("%q: %s rests on %q, want %q", tt.text, tt.name, got, tt.want)
		}
	}
}
