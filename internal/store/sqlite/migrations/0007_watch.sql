-- The watch: what its officers write into the journal, the shifts, and the
-- handovers from one officer to the next. Tables of versions as in 0001: an
-- entry has one, and a second when it has been struck; a handover has one for
-- every saving, and none after both have signed it.

create table journal_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,    -- why it was struck
  number            integer not null, -- of the entry: 1, 2, 3 … without a gap
  author            text not null,
  struck            integer not null check (struck in (0, 1)),
  words             text not null,    -- folded, for finding
  content           text not null,
  unique (id, revision)
) strict;
create unique index journal_current on journal_rev (id) where valid_to = 4611686018427387903;
create unique index journal_number on journal_rev (number) where revision = 1;

create trigger journal_rev_keep before delete on journal_rev begin select raise(abort, 'versions are never removed'); end;
create trigger journal_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, number, author, struck,
  words, content
on journal_rev begin select raise(abort, 'versions are never changed'); end;
create trigger journal_rev_close before update of valid_to on journal_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

create table shift_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  begins_at         integer not null,
  ends_at           integer not null,
  cancelled         integer not null check (cancelled in (0, 1)),
  content           text not null,
  unique (id, revision)
) strict;
create unique index shift_current on shift_rev (id) where valid_to = 4611686018427387903;
create index shift_time on shift_rev (ends_at, begins_at) where valid_to = 4611686018427387903;

create trigger shift_rev_keep before delete on shift_rev begin select raise(abort, 'versions are never removed'); end;
create trigger shift_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, begins_at, ends_at,
  cancelled, content
on shift_rev begin select raise(abort, 'versions are never changed'); end;
create trigger shift_rev_close before update of valid_to on shift_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- content is the canonical JSON of the handover, and content_sha256 its hash,
-- which the audit entry of the second signature names too.
create table handover_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  state             text not null, -- draft, offered, signed or dropped
  leaving           text not null,
  arriving          text not null, -- empty until the arriving officer signed
  signed_at         integer not null, -- when both had; 0 before
  content           text not null,
  content_sha256    text not null,
  unique (id, revision)
) strict;
create unique index handover_current on handover_rev (id) where valid_to = 4611686018427387903;
create index handover_state on handover_rev (state, signed_at) where valid_to = 4611686018427387903;

create trigger handover_rev_keep before delete on handover_rev begin select raise(abort, 'versions are never removed'); end;
create trigger handover_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, state, leaving,
  arriving, signed_at, content, content_sha256
on handover_rev begin select raise(abort, 'versions are never changed'); end;
create trigger handover_rev_close before update of valid_to on handover_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger handover_rev_frozen before update of valid_to on handover_rev when old.state in ('signed', 'dropped')
begin select raise(abort, 'this handover has ended: it is never changed'); end;

-- The journal and what changed since are read by the time of the entry.
create index audit_at on audit (at);
