package incidents

import (
	"strings"
	"testing"
)

func TestSideOf(t *testing.T) {
	tests := []struct {
		nations []string
		want    string
	}{
		{nil, SideUnknown},
		{[]string{"NO"}, Allied},
		{[]string{"NATO"}, Allied},
		{[]string{"RU"}, NotAllied},
		{[]string{"RU", "BY"}, NotAllied},
		{[]string{"UA"}, NotAllied},
		{[]string{"IE"}, NotAllied},
		{[]string{"SE", "CH"}, Allied},
	}
	for _, tt := range tests {
		if got := SideOf(tt.nations); got != tt.want {
			t.Errorf("SideOf(%v) = %s, want %s", tt.nations, got, tt.want)
		}
	}
	for _, n := range strings.Fields(natoNations) {
		if !ValidNation(n) {
			t.Errorf("%s is no nation", n)
		}
	}
	if n := len(strings.Fields(natoNations)); n != 32+1 {
		t.Errorf("%d names, want 32 members and NATO itself", n)
	}
}
