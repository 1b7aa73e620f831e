package incidents_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

func TestParseFilterRoundTrip(t *testing.T) {
	for _, query := range []string{
		"",
		"region=baltic&region=black&severity=high_risk",
		"deescalation=overdue&report=retracted&nation=RU&nation=NO&aircraft=Tu-95&behaviour=flares",
		"number=2026-0012&number=2026-0003",
		"from=2023-03-14&to=141630ZMAR24&q=missile+RC-135&bbox=18%2C54%2C24%2C60",
		"bbox=170%2C-10%2C-170%2C10&exercise=only&as_of=2026-11-24T03%3A12%3A00.000Z",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := incidents.ParseFilter(v)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got := f.Values(); !reflect.DeepEqual(got, v) {
			t.Errorf("%s became %s", query, got.Encode())
		}
	}
}

func TestParseFilterRefuses(t *testing.T) {
	tests := []struct{ query, field, says string }{
		{"regoin=baltic", "regoin", "accepted: region, severity"},
		{"region=atlantic", "region", "accepted: baltic, black, norwegian, outside"},
		{"severity=bad", "severity", "near_routine, serious, high_risk"},
		{"deescalation=late", "deescalation", "followed_late"},
		{"report=open", "report", "submitted"},
		{"nation=XX", "nation", "ISO 3166-1"},
		{"behaviour=rude", "behaviour", "identification"},
		{"from=yesterday", "from", "Enter a time"},
		{"from=2024-01-01&to=2023-01-01", "to", "before"},
		{"bbox=1,2,3", "bbox", "four numbers"},
		{"bbox=1,60,3,50", "bbox", "south"},
		{"bbox=1,2,nan,4", "bbox", "no number"},
		{"bbox=-190,2,3,4", "bbox", "-180 to 180"},
		{"exercise=yes", "exercise", "include, only"},
		{"as_of=2026", "as_of", "accepted"},
		{"q=" + strings.Repeat("x", 300), "q", "200"},
		{strings.Repeat("number=2026-0001&", 501), "number", "up to 500"},
	}
	for _, tt := range tests {
		t.Run(tt.field+" "+tt.says, func(t *testing.T) {
			v, _ := url.ParseQuery(tt.query)
			_, err := incidents.ParseFilter(v)
			fields := fault.Fields(err)
			if len(fields) != 1 || fields[0].Name != tt.field || !strings.Contains(fields[0].Msg, tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := incidents.ParseFilter(url.Values{"sort": {"number"}}, "sort"); err != nil {
		t.Errorf("a name of the page itself: %v", err)
	}
}
