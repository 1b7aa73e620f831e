-- The alerts: what called for somebody, who saw it, and what became of it. A
-- table of versions as in 0001. One alert stands for one situation and its id
-- follows from the key of that, so that it cannot be raised twice.
create table alert_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  action            text not null,
  kind              text not null,
  standing          integer not null check (standing in (0, 1)),
  exercise          integer not null check (exercise in (0, 1)),
  content           text not null,
  unique (id, revision)
) strict;
create unique index alert_current on alert_rev (id) where valid_to = 4611686018427387903;
create index alert_standing on alert_rev (valid_from) where standing = 1;
create index alert_standing_now on alert_rev (id) where standing = 1 and valid_to = 4611686018427387903;
create index alert_calls on alert_rev (valid_from) where action in ('raised', 'returned', 'escalated');

create trigger alert_rev_keep before delete on alert_rev begin select raise(abort, 'versions are never removed'); end;
create trigger alert_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, action, kind,
  standing, exercise, content
on alert_rev begin select raise(abort, 'versions are never changed'); end;
create trigger alert_rev_close before update of valid_to on alert_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
