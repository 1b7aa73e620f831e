-- The workflow of a report: who checked which field, whether it was sent back,
-- who holds it, and which duplicate points where.

-- Both are null where they do not apply, and a null is no part of a row's hash.
alter table incident_rev add column merged_into text; -- id of the incident that stays
alter table incident_rev add column waiting_since integer; -- of a submitted report

create index incident_waiting on incident_rev (coalesce(waiting_since, first_recorded_at), id, exercise)
  where valid_to = 4611686018427387903 and status = 'submitted';
create index incident_verified on incident_rev (id, valid_from) where status = 'verified';
create index incident_retracted on incident_rev (valid_from, id) where status = 'retracted';
create index incident_merged on incident_rev (merged_into, id) where merged_into is not null;

drop trigger incident_rev_still;
create trigger incident_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, policy_version,
  number, number_key, status, start_from, start_to, end_from, end_to, region, severity,
  absence, exercise, title_key, west, south, east, north, source, source_id, record,
  derived, merged_into, waiting_since
on incident_rev begin select raise(abort, 'versions are never changed'); end;

create table workflow_rev (
  rev         integer primary key,
  incident_id text not null,
  revision    integer not null,
  valid_from  integer not null,
  valid_to    integer not null,
  recorded_by text not null,
  reason      text not null,
  action      text not null,
  content     text not null,
  unique (incident_id, revision)
) strict;
create unique index workflow_current on workflow_rev (incident_id) where valid_to = 4611686018427387903;

create trigger workflow_rev_keep before delete on workflow_rev begin select raise(abort, 'versions are never removed'); end;
create trigger workflow_rev_still before update of
  rev, incident_id, revision, valid_from, recorded_by, reason, action, content
on workflow_rev begin select raise(abort, 'versions are never changed'); end;
create trigger workflow_rev_close before update of valid_to on workflow_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
