// Package storetest says what storage promises, as tests that every engine
// runs. The engine's own tests call Run; what only one engine can be asked
// (tampering by SQL, files, locks) is tested beside it.
//
// Reading order: storetest.go (the list), model.go (what a store should
// answer, worked out in plain Go), random.go (records to ask about), then a
// file per noun.
package storetest

import (
	"sync/atomic"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

// Run runs the suite. open gives a new, empty, migrated store that is closed
// when its test ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s *store.Store)
	}{
		{"IncidentRoundTrip", testIncidentRoundTrip},
		{"IncidentSameIDTwice", testIncidentSameIDTwice},
		{"IncidentRevisions", testIncidentRevisions},
		{"StaleVersion", testStaleVersion},
		{"Drafts", testDrafts},
		{"Numbers", testNumbers},
		{"NumbersAcrossYears", testNumbersAcrossYears},
		{"SourcesAreUnique", testSourcesAreUnique},
		{"Collation", testCollation},
		{"RecordedNeverGoesBack", testRecordedNeverGoesBack},
		{"TwoWriters", testTwoWriters},
		{"ReadersWhileWriting", testReadersWhileWriting},
		{"FailedWrite", testFailedWrite},
		{"Savepoints", testSavepoints},
		{"PolicyTakenBack", testPolicyTakenBack},
		{"PanicRollsBack", testPanicRollsBack},
		{"Cancelled", testCancelled},
		{"FilterAgainstModel", testFilterAgainstModel},
		{"Conditions", testConditions},
		{"SortsAgainstModel", testSortsAgainstModel},
		{"AsOf", testAsOf},
		{"Difference", testDifference},
		{"StatusInSQL", testStatusInSQL},
		{"BoxEdges", testBoxEdges},
		{"Antimeridian", testAntimeridian},
		{"Words", testWords},
		{"WordsInTransactions", testWordsInTransactions},
		{"Known", testKnown},
		{"NullOrder", testNullOrder},
		{"CursorUnderInserts", testCursorUnderInserts},
		{"CursorsRefused", testCursorsRefused},
		{"EachCaseStops", testEachCaseStops},
		{"EachCaseSnapshot", testEachCaseSnapshot},
		{"CountBy", testCountBy},
		{"SharedContact", testSharedContact},
		{"FactsKeepStill", testFactsKeepStill},
		{"ContactRoundTrip", testContactRoundTrip},
		{"ContactPages", testContactPages},
		{"Links", testLinks},
		{"Comments", testComments},
		{"CommentsStandApart", testCommentsStandApart},
		{"CommentOnce", testCommentOnce},
		{"Entries", testEntries},
		{"Journal", testJournal},
		{"Shifts", testShifts},
		{"Handovers", testHandovers},
		{"Attachments", testAttachments},
		{"AttachmentsRefused", testAttachmentsRefused},
		{"OpenCalls", testOpenCalls},
		{"FinishedCall", testFinishedCall},
		{"Expectations", testExpectations},
		{"Sheets", testSheets},
		{"Lines", testLines},
		{"LastTests", testLastTests},
		{"LineEvents", testLineEvents},
		{"Policies", testPolicies},
		{"Alerts", testAlerts},
		{"AlertOnce", testAlertOnce},
		{"AlertLog", testAlertLog},
		{"LastHeard", testLastHeard},
		{"Workflow", testWorkflow},
		{"Flagged", testFlagged},
		{"ChecksFall", testChecksFall},
		{"Queue", testQueue},
		{"VerificationTimes", testVerificationTimes},
		{"MergedAndRetracted", testMergedAndRetracted},
		{"Users", testUsers},
		{"Sessions", testSessions},
		{"Tokens", testTokens},
		{"TouchToken", testTouchToken},
		{"Secrets", testSecrets},
		{"Within", testWithin},
		{"Audit", testAudit},
		{"AuditEntries", testAuditEntries},
		{"DataVersion", testDataVersion},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open(t))
		})
	}
}

var (
	officer    = access.Actor{Name: "hansen", Role: access.Officer}
	supervisor = access.Actor{Name: "berg", Role: access.Supervisor}
)

// Begin is when the clock of a test begins. An empty store must have been
// made before it.
var Begin = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// clock gives a store a time that goes on by a step with every look, or
// stands still with a step of 0.
type clock struct{ now, step atomic.Int64 }

func setClock(s *store.Store, step time.Duration) *clock {
	c := &clock{}
	c.now.Store(Begin.UnixMilli())
	c.step.Store(step.Milliseconds())
	s.Now = func() time.Time { return time.UnixMilli(c.now.Add(c.step.Load())) }
	return c
}

func (c *clock) set(t time.Time) { c.now.Store(t.UnixMilli()) }

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Fatalf("got %v, want a fault of kind %v", err, k)
	}
}

// create files an incident and gives it as stored.
func create(t *testing.T, s *store.Store, inc incidents.Incident) incidents.Incident {
	t.Helper()
	stored, created, err := s.CreateIncident(t.Context(), officer, inc)
	check(t, err)
	if !created {
		t.Fatalf("incident %s was there already", inc.ID)
	}
	return stored
}

// entries counts the audit chain.
func entries(t *testing.T, s *store.Store) int64 {
	t.Helper()
	return must(s.ChainHead(t.Context()))(t).Seq
}

// whole checks the audit chain.
func whole(t *testing.T, s *store.Store) {
	t.Helper()
	if n := must(s.VerifyAudit(t.Context()))(t); n != entries(t, s) {
		t.Fatalf("%d entries fit, %d are there", n, entries(t, s))
	}
}
