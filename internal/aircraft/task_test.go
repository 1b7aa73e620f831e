package aircraft

import "testing"

func TestTaskOf(t *testing.T) {
	tests := []struct{ designator, name, want string }{
		{"SU27", "Su-27 Flanker", "fighter"},
		{"TU95", "Tu-95 Bear", "bomber"},
		{"TU95", "Tu-142 Bear-F", "patrol"}, // the name says more than the designator
		{"TU95", "", "bomber"},
		{"IL18", "Il-20 Coot-A", "recon"},
		{"IL76", "Il-78 Midas", "tanker"},
		{"", "P-8A Poseidon", "patrol"},
		{"A50", "A-50 Mainstay", "warning"},
		{"Q9", "MQ-9 Reaper", "UAV"},
		{"", "KC-135", "tanker"},
		{"", "scheduled airliner", ""},
		{NoDesignator, "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if got := TaskOf(tt.designator, tt.name); got != tt.want {
			t.Errorf("TaskOf(%q, %q) = %q, want %q", tt.designator, tt.name, got, tt.want)
		}
	}
}

// TestTasksNameTypes holds the names against the table.
func TestTasksNameTypes(t *testing.T) {
	names := map[string]bool{}
	for _, one := range All() {
		names[one.Name] = true
	}
	for _, k := range tasks {
		for _, name := range k.types {
			if !names[name] {
				t.Errorf("%s: there is no type %s", k.task, name)
			}
		}
	}
}
