package research

import "testing"

func TestScheduleIn(t *testing.T) {
	for text, want := range map[string]string{
		"weekly, Wednesday 13:00 Moscow time (10:00 UTC)": "weekly WED 1000Z",
		"every Monday and Thursday at 0900Z":              "weekly MON THU 0900Z",
		"Wednesdays, 9:30 UTC":                            "weekly WED 0930Z",
		"daily at 06:00 UTC and 18:00 UTC, both ways":     "daily 0600Z 1800Z",
		"hourly":                      "hourly",
		"every 12 h":                  "daily 0000Z 1200Z",
		"regularly tested":            "",
		"twice daily":                 "",
		"weekly 1000Z":                "",
		"Wednesday 13:00 Moscow time": "",
		"hourly tests: see NOTES (widely reported, not seen in an excerpt)": "",
		"": "",
	} {
		if got := scheduleIn(text).String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
