-- The call: what the other side owes an answer to, calls that are going on, and
-- the sheets that are read out. Tables of versions are as in 0001.

create table expectation_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  contact_id        text not null, -- in which it was asked for
  due_at            integer not null,
  state             text not null, -- open, answered, dropped
  answer_id         text not null, -- the contact that answered it; empty for none
  exercise          integer not null check (exercise in (0, 1)),
  content           text not null,
  unique (id, revision)
) strict;
create unique index expectation_current on expectation_rev (id) where valid_to = 4611686018427387903;
create index expectation_open on expectation_rev (due_at, id) where valid_to = 4611686018427387903 and state = 'open';
create index expectation_contact on expectation_rev (contact_id, due_at, id);

create trigger expectation_rev_keep before delete on expectation_rev begin select raise(abort, 'versions are never removed'); end;
create trigger expectation_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, contact_id, due_at,
  state, answer_id, exercise, content
on expectation_rev begin select raise(abort, 'versions are never changed'); end;
create trigger expectation_rev_close before update of valid_to on expectation_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- The words of a call sheet in one language. Another text is a version that
-- nobody has approved yet; approving it is the version after.
create table sheet_rev (
  rev               integer primary key,
  language          text not null,    -- ISO 639-1
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  approved_by       text not null,    -- empty: a draft
  approved_at       integer not null, -- 0: a draft
  phrases           text not null,
  unique (language, revision)
) strict;
create unique index sheet_current on sheet_rev (language) where valid_to = 4611686018427387903;

create trigger sheet_rev_keep before delete on sheet_rev begin select raise(abort, 'versions are never removed'); end;
create trigger sheet_rev_still before update of
  rev, language, revision, valid_from, first_recorded_at, recorded_by, reason, approved_by, approved_at, phrases
on sheet_rev begin select raise(abort, 'versions are never changed'); end;
create trigger sheet_rev_close before update of valid_to on sheet_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- Calls that are going on. They are no records: a row goes when its contact is
-- written, or when the call is dropped. seq is the writer's own count, so that
-- notes that were overtaken on their way do not undo later ones.
create table open_call (
  id         text primary key, -- of the contact that it will be
  owner      text not null,
  line_id    text not null,
  incidents  text not null,    -- ids, a JSON array
  started_at integer not null,
  notes      text not null,
  seq        integer not null,
  exercise   integer not null check (exercise in (0, 1))
) strict;
