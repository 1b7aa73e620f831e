package geo_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"interceptlog/internal/geo"
)

// Decimal commas in a row parted by semicolons must not become a track of
// whole degrees thousands of kilometres away.
func TestReadPositionCommaPairs(t *testing.T) {
	tests := []struct{ text, says string }{
		{"58,9;22,5", "Choose 58.9, 22.5 or"},
		{"58,9\n22,5", "Choose 58.9, 22.5 or"},
		{"58,9;22,5;59,1;23,0", "Write decimals with a point"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if r, err := geo.ReadPosition(tt.text); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, %v", r.Geometry, err)
			}
		})
	}
	r, err := geo.ReadPosition("58,9 22,5; 59,1 23,0")
	if err != nil || !orb.Equal(r.Geometry, orb.LineString{{22.5, 58.9}, {23, 59.1}}) {
		t.Errorf("%v, %v", r.Geometry, err)
	}
}

// Whatever was pasted, a message stays short and quotes it as it was typed.
func TestReadPositionQuotes(t *testing.T) {
	_, err := geo.ReadPosition("off Nowhere")
	if err == nil || !strings.Contains(err.Error(), "“Nowhere”") {
		t.Errorf("%v", err)
	}
	_, err = geo.ReadPosition(strings.Repeat("9", 5000) + "N 1E")
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("%v", err)
	}
}
