package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

func newComment(on incidents.ID, text string) incidents.Comment {
	return incidents.Comment{ID: incidents.CommentID(incidents.NewID()), IncidentID: on, Text: text}
}

// testComments: written once, read in order and as of a moment, struck once,
// never erased.
func testComments(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(70)
	a, b := create(t, s, r.incident()), create(t, s, r.incident())
	first, created, err := s.CreateComment(ctx, officer, newComment(a.ID, "Ask the tower.\nÅ 😀"))
	check(t, err)
	second, _, err := s.CreateComment(ctx, supervisor, newComment(a.ID, "Asked."))
	check(t, err)
	if !created || first.Author != "hansen" || first.Revision != 1 || second.At <= first.At {
		t.Errorf("%v %+v %+v", created, first, second)
	}
	before := entries(t, s)
	again, created, err := s.CreateComment(ctx, officer, incidents.Comment{ID: first.ID, IncidentID: a.ID, Text: "another"})
	if err != nil || created || again != first || entries(t, s) != before {
		t.Errorf("sent twice: %v %v %+v", created, err, again)
	}
	_, _, err = s.CreateComment(ctx, officer, incidents.Comment{ID: first.ID, IncidentID: b.ID, Text: "x"})
	wantKind(t, err, fault.Conflict)
	_, _, err = s.CreateComment(ctx, officer, newComment(incidents.NewID(), "x"))
	wantKind(t, err, fault.NotFound)
	same(t, "both", must(s.Comments(ctx, a.ID, 0))(t), []incidents.Comment{first, second})
	same(t, "of the other", must(s.Comments(ctx, b.ID, 0))(t), nil)

	check(t, s.StrikeComment(ctx, supervisor, first.ID, "wrong incident"))
	wantKind(t, s.StrikeComment(ctx, supervisor, first.ID, "again"), fault.Conflict)
	wantKind(t, s.StrikeComment(ctx, supervisor, "nothing", "x"), fault.NotFound)
	struck := must(s.Comment(ctx, first.ID))(t)
	if struck.Struck == nil || struck.Struck.By != "berg" || struck.Struck.Reason != "wrong incident" || struck.Text != first.Text || struck.Author != "hansen" || struck.At != first.At || struck.Revision != 2 {
		t.Errorf("%+v %+v", struck, struck.Struck)
	}
	same(t, "before any", must(s.Comments(ctx, a.ID, first.At-1))(t), nil)
	same(t, "when the first was written", must(s.Comments(ctx, a.ID, first.At))(t), []incidents.Comment{first})
	same(t, "before the strike", must(s.Comments(ctx, a.ID, struck.Struck.At-1))(t), []incidents.Comment{first, second})
	same(t, "now", must(s.Comments(ctx, a.ID, 0))(t), []incidents.Comment{struck, second})
	whole(t, s)
}

// testCommentsStandApart: a comment changes no revision, no fact and no search.
func testCommentsStandApart(t *testing.T, s *store.Store) {
	setClock(s, time.Second)
	ctx, r := t.Context(), newSource(71)
	inc := create(t, s, severe(r))
	at := hotline.At{Now: incidents.MillisOf(Begin.Add(time.Hour))}
	before := must(s.Case(ctx, inc.ID, at))(t)
	_, _, err := s.CreateComment(ctx, officer, newComment(inc.ID, "xylophone"))
	check(t, err)
	same(t, "the case", must(s.Case(ctx, inc.ID, at))(t), before)
	if n := must(s.Cases(ctx, incidents.Filter{Q: "xylophone"}, hotline.Page{}, at))(t).Total; n != 0 {
		t.Errorf("a search finds the comment in %d incidents", n)
	}
	if n := len(must(s.IncidentRevisions(ctx, inc.ID, 0))(t)); n != 1 {
		t.Errorf("%d revisions", n)
	}
	var actions []string
	check(t, s.EachEntry(ctx, 1, func(e access.Entry) error {
		if strings.HasPrefix(e.Action, "comment.") {
			actions = append(actions, fmt.Sprint(e.Actor, " ", e.Action, " ", countRows(e.Detail, "comment_rev"), " ", strings.Contains(e.Detail, "xylophone")))
		}
		return nil
	}))
	same(t, "entries", actions, []string{"hansen comment.create 1 false"})
}

// testCommentOnce: many tries at once with one id make one comment.
func testCommentOnce(t *testing.T, s *store.Store) {
	inc := create(t, s, newSource(72).incident())
	c := newComment(inc.ID, "once")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := s.CreateComment(t.Context(), officer, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(must(s.Comments(t.Context(), inc.ID, 0))(t)); n != 1 {
		t.Errorf("%d comments", n)
	}
	whole(t, s)
}
