-- What happens to lines, and the tests of lines.

create table line_event_rev (
  rev               integer primary key,
  id                text not null,
  line_id           text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null, -- why it was corrected or taken back
  kind              text not null,
  begins            integer not null,
  ends              integer,       -- null: open
  retracted         integer not null check (retracted in (0, 1)),
  content           text not null,
  unique (id, revision)
) strict;
create unique index line_event_current on line_event_rev (id) where valid_to = 4611686018427387903;
create index line_event_line on line_event_rev (line_id, begins, id);

create trigger line_event_rev_keep before delete on line_event_rev begin select raise(abort, 'versions are never removed'); end;
create trigger line_event_rev_still before update of
  rev, id, line_id, revision, valid_from, first_recorded_at, recorded_by, reason, kind,
  begins, ends, retracted, content
on line_event_rev begin select raise(abort, 'versions are never changed'); end;
create trigger line_event_rev_close before update of valid_to on line_event_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- The newest test of a line stands at the end, now and as of any moment.
create index contact_test on contact_rev (line_id, start_from, id, valid_from, valid_to, exercise)
  where purpose = 'line_test' and retracted = 0;
