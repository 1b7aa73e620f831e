package web

import (
	"slices"
	"testing"

	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

func TestSymbolsOf(t *testing.T) {
	t.Parallel()
	aircraft := func(names ...string) (list []incidents.Aircraft) {
		for _, n := range names {
			list = append(list, incidents.Aircraft{Name: n})
		}
		return list
	}
	tests := []struct {
		name string
		p    incidents.Party
		want []view.Symbol
	}{
		{"nothing known", incidents.Party{PlatformKind: incidents.Unknown}, nil},
		{"nobody intercepted", incidents.Party{Nations: []string{"RU"}, PlatformKind: "none"}, nil},
		{"a nation alone", incidents.Party{Nations: []string{"RU"}, PlatformKind: incidents.Unknown}, []view.Symbol{{Side: "neutral", Task: "aircraft"}}},
		{"a kind alone", incidents.Party{PlatformKind: "UAV"}, []view.Symbol{{Side: "unknown", Task: "UAV"}}},
		{"a type says more than its kind", incidents.Party{Nations: []string{"RU"}, PlatformKind: "recon", Aircraft: aircraft("Tu-142 Bear-F")}, []view.Symbol{{Side: "neutral", Task: "patrol"}}},
		{"two tasks, one of them twice", incidents.Party{Nations: []string{"NO"}, PlatformKind: "mixed", Aircraft: aircraft("F-35A", "KC-135", "F-16")}, []view.Symbol{{Side: "friend", Task: "fighter"}, {Side: "friend", Task: "tanker"}}},
		{"a name nobody knows takes the kind", incidents.Party{Nations: []string{"IS"}, PlatformKind: "civil", Aircraft: aircraft("scheduled airliner")}, []view.Symbol{{Side: "friend", Task: "civil"}}},
		{"mixed with no type is an aircraft", incidents.Party{Nations: []string{"RU"}, PlatformKind: "mixed", Aircraft: aircraft("aircraft")}, []view.Symbol{{Side: "neutral", Task: "aircraft"}}},
		{"a ship by its name", incidents.Party{Nations: []string{"NL"}, PlatformKind: "ship", Aircraft: aircraft("frigate Evertsen")}, []view.Symbol{{Side: "friend", Task: "ship"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := symbolsOf(tt.p); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
