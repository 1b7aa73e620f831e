package store

import (
	"context"
	"strings"

	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// touched are the incidents that may look otherwise at $2 than they did at $1:
// something was written of them, of a link or of a contact, or a deadline has
// passed.
const touched = `select id from incident_rev where valid_from > $1 and valid_from <= $2
  union select incident_id from incident_facts where valid_from > $1 and valid_from <= $2
  union select incident_id from incident_facts where deadline_from > $1 and deadline_from <= $2
  union select incident_id from incident_facts where deadline_to > $1 and deadline_to <= $2
  union select incident_id from link_rev where valid_from > $1 and valid_from <= $2
  union select l.incident_id from contact_rev c cross join link_rev l
    where c.valid_from > $1 and c.valid_from <= $2 and l.contact_id = c.id`

// otherContacts holds where the contacts of s are not those that it had: a link
// has come, has gone, or leads to a newer revision of its contact.
const otherContacts = `exists (select 1 from link_rev l where l.incident_id = s.id and l.linked = 1 and (
    l.valid_from > $1 and l.valid_from <= $2 and l.valid_to > $2
    or l.valid_from <= $1 and l.valid_to > $1 and l.valid_to <= $2
    or l.valid_from <= $1 and l.valid_to > $2 and exists (select 1 from contact_rev c
      where c.id = l.contact_id and c.valid_from > $1 and c.valid_from <= $2)))`

// EachDifference calls fn for every incident that a filter gives otherwise at
// until than it did at since, once each, the newest first by start. It stops at
// the first error and gives it back; memory does not grow.
func (s *Store) EachDifference(ctx context.Context, f incidents.Filter, since, until incidents.Millis, fn func(hotline.CaseDifference) error) error {
	w := &where{args: []any{since, until}}
	side := func(at incidents.Millis) string {
		w.terms = nil
		w.and("r.id = t.id")
		w.incidents(s.dialect, f, hotline.At{AsOf: at, Now: at})
		w.joinFacts(hotline.At{AsOf: at})
		best, worst := w.statusSQL("best", at), w.statusSQL("worst", at)
		return `select r.id, r.rev, r.start_from, ` + best + ` as best, ` + worst + ` as worst
  from touched t cross join incident_rev r cross join incident_facts f
  where ` + w.String()
	}
	text := strings.Join([]string{
		`with touched(id) as (`, touched, `),`,
		`w as (`, side(since), `),`,
		`s as (`, side(until), `)`,
		`select id, part from (
  select coalesce(s.id, w.id) as id, coalesce(s.start_from, w.start_from) as start_from,
    case when w.id is null then 'came_in' when s.id is null then 'fell_out'
      when s.rev <> w.rev or s.best <> w.best or s.worst <> w.worst or ` + otherContacts + ` then 'changed' else '' end as part
  from w full join s on s.id = w.id) d
where part <> ''
order by start_from desc, id desc`}, "\n")
	return s.read(ctx, func(q asker) error {
		return q.each(ctx, text, w.args, func(row scanner) error {
			var d hotline.CaseDifference
			if err := row.Scan(&d.ID, &d.Part); err != nil {
				return err
			}
			return fn(d)
		})
	})
}
