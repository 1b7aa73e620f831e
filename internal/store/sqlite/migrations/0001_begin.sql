-- Times are milliseconds UTC, booleans 0 or 1, text is compared exactly.
-- A table of versions keeps every revision: it holds from valid_from (when it
-- was recorded) until valid_to (when the next one was), and the newest until
-- 4611686018427387903, which is incidents.Forever. rev numbers the rows in the
-- order of the audit chain. Filters have columns; the whole content is JSON.

create table policy (
  rev         integer primary key,
  version     integer not null unique,
  valid_from  integer not null,
  valid_to    integer not null,
  recorded_by text not null,
  reason      text not null,
  rules       text not null
) strict;
create unique index policy_current on policy (valid_to) where valid_to = 4611686018427387903;

create table line_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  name              text not null,
  state             text not null,
  exercise          integer not null check (exercise in (0, 1)),
  source            text not null,
  source_id         text not null,
  content           text not null,
  unique (id, revision)
) strict;
create unique index line_current on line_rev (id) where valid_to = 4611686018427387903;
create unique index line_source on line_rev (source, source_id)
  where valid_to = 4611686018427387903 and source_id <> '';

create table incident_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  policy_version    integer not null references policy (version),
  number            text,             -- what people say; null for a draft
  number_key        integer not null, -- orders the numbers; 0 for a draft
  status            text not null,
  start_from        integer not null,
  start_to          integer not null,
  end_from          integer,
  end_to            integer,
  region            text not null,
  severity          text not null,
  absence           text not null,
  exercise          integer not null check (exercise in (0, 1)),
  title_key         text not null,    -- folded, for sorting
  west              real,
  south             real,
  east              real,
  north             real,
  source            text not null,
  source_id         text not null,
  record            text not null,
  derived           text not null,
  unique (id, revision)
) strict;
create unique index incident_current on incident_rev (id) where valid_to = 4611686018427387903;
create unique index incident_number on incident_rev (number) where valid_to = 4611686018427387903;
create unique index incident_source on incident_rev (source, source_id)
  where valid_to = 4611686018427387903 and source_id <> '';
-- Lists and counts are answered from this index alone: the rows are long.
create index incident_start on incident_rev (start_from, id, start_to, status, exercise, region, severity)
  where valid_to = 4611686018427387903;
-- The same for the log as of a moment.
create index incident_history on incident_rev (start_from, id, valid_from, valid_to, start_to, status, exercise, region, severity);
create index incident_recorded on incident_rev (valid_from, id) where valid_to = 4611686018427387903;
create index incident_number_key on incident_rev (number_key, id) where valid_to = 4611686018427387903;

-- What filters ask of a revision; drawn from the record when it is written.
create table rev_nation (
  rev    integer not null references incident_rev (rev),
  party  text not null,
  nation text not null,
  primary key (rev, nation, party)
) strict, without rowid;
create index rev_nation_nation on rev_nation (nation, rev);

create table rev_behaviour (
  rev       integer not null references incident_rev (rev),
  behaviour text not null,
  primary key (rev, behaviour)
) strict, without rowid;
create index rev_behaviour_behaviour on rev_behaviour (behaviour, rev);

-- Aircraft as folded words without spaces or punctuation. There are few, so
-- that a part of a name is found by reading all of them.
create table aircraft (
  id         integer primary key,
  designator text not null,
  name       text not null,
  unique (designator, name)
) strict;
create table rev_aircraft (
  rev      integer not null references incident_rev (rev),
  aircraft integer not null references aircraft (id),
  primary key (rev, aircraft)
) strict, without rowid;
create index rev_aircraft_aircraft on rev_aircraft (aircraft, rev);

-- Boxes are kept in 32 bits and rounded outward: the columns of incident_rev
-- have the last word.
create virtual table incident_box using rtree (rev, west, east, south, north);
-- The words are folded before they are stored; the content stays in the record.
create virtual table incident_text using fts5 (body, content = '', prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 0');

create table number_counter (
  year integer primary key,
  last integer not null
) strict;

create table contact_rev (
  rev               integer primary key,
  id                text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  line_id           text not null,
  start_from        integer not null,
  start_to          integer not null,
  kind              text not null,
  outcome           text not null,
  purpose           text not null,
  exercise          integer not null check (exercise in (0, 1)),
  retracted         integer not null check (retracted in (0, 1)),
  source            text not null,
  source_id         text not null,
  content           text not null,
  unique (id, revision)
) strict;
create unique index contact_current on contact_rev (id) where valid_to = 4611686018427387903;
create unique index contact_source on contact_rev (source, source_id)
  where valid_to = 4611686018427387903 and source_id <> '';
create index contact_start on contact_rev (start_from, id) where valid_to = 4611686018427387903;
create index contact_line on contact_rev (line_id, start_from, id) where valid_to = 4611686018427387903;

create table link_rev (
  rev               integer primary key,
  contact_id        text not null,
  incident_id       text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null,
  relation          text not null,
  linked            integer not null check (linked in (0, 1)),
  unique (contact_id, incident_id, revision)
) strict;
create unique index link_current on link_rev (contact_id, incident_id) where valid_to = 4611686018427387903;
create index link_incident on link_rev (incident_id, contact_id);

-- hotline.Facts of an incident. p0, p1 and p2 are the phases before, between
-- and after the earliest and the latest possible deadline; p0_worst is what the
-- screens call the status.
create table incident_facts (
  rev                  integer primary key,
  incident_id          text not null,
  revision             integer not null,
  valid_from           integer not null,
  valid_to             integer not null,
  rule_severity        text not null,
  rule_region          text not null,
  rule_need            text not null,
  within_s             integer not null,
  deadline_from        integer, -- null: no deadline
  deadline_to          integer,
  p0_best              text not null,
  p0_worst             text not null,
  p0_strict_best       text not null,
  p0_strict_worst      text not null,
  p1_best              text not null,
  p1_worst             text not null,
  p1_strict_best       text not null,
  p1_strict_worst      text not null,
  p2_best              text not null,
  p2_worst             text not null,
  p2_strict_best       text not null,
  p2_strict_worst      text not null,
  first_attempt_min    integer,
  first_attempt_max    integer,
  first_contact_min    integer,
  first_contact_max    integer,
  first_direct_min     integer,
  first_direct_max     integer,
  first_diplomatic_min integer,
  first_diplomatic_max integer,
  since_known_min      integer,
  since_known_max      integer,
  first_contact_id     text not null,
  attempts             integer not null,
  through              integer not null,
  direct               integer not null,
  diplomatic           integer not null,
  basis                text not null,
  late_entry           integer not null check (late_entry in (0, 1)),
  unique (incident_id, revision)
) strict;
-- Filters and orders by status are answered from this index alone. It is not
-- unique, or a shorter one would be preferred; a trigger below sees to it that
-- an incident has one current version of its facts.
create index facts_status on incident_facts (incident_id, deadline_from, deadline_to, p0_worst, p1_worst, p2_worst)
  where valid_to = 4611686018427387903;

create table audit (
  seq     integer primary key,
  at      integer not null,
  actor   text not null,
  action  text not null,
  subject text not null,
  detail  text not null,
  prev    text not null,
  hash    text not null
) strict;

create table person (
  name          text primary key,
  role          text not null,
  password_hash text not null,
  disabled      integer not null check (disabled in (0, 1)),
  created_at    integer not null
) strict;

-- token is the SHA-256 of what the browser holds, so that a copy of this file
-- signs nobody in.
create table session (
  token  text primary key,
  data   blob not null,
  expiry integer not null
) strict;
create index session_expiry on session (expiry);

-- A belt beside the chain's braces: versions and entries are never changed or
-- removed; only the end of the newest version may be set, once.
create trigger policy_keep before delete on policy begin select raise(abort, 'versions are never removed'); end;
create trigger policy_still before update of
  rev, version, valid_from, recorded_by, reason, rules
on policy begin select raise(abort, 'versions are never changed'); end;
create trigger policy_close before update of valid_to on policy when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger line_rev_keep before delete on line_rev begin select raise(abort, 'versions are never removed'); end;
create trigger line_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, name, state,
  exercise, source, source_id, content
on line_rev begin select raise(abort, 'versions are never changed'); end;
create trigger line_rev_close before update of valid_to on line_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger incident_rev_keep before delete on incident_rev begin select raise(abort, 'versions are never removed'); end;
create trigger incident_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, policy_version,
  number, number_key, status, start_from, start_to, end_from, end_to, region, severity,
  absence, exercise, title_key, west, south, east, north, source, source_id, record,
  derived
on incident_rev begin select raise(abort, 'versions are never changed'); end;
create trigger incident_rev_close before update of valid_to on incident_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger contact_rev_keep before delete on contact_rev begin select raise(abort, 'versions are never removed'); end;
create trigger contact_rev_still before update of
  rev, id, revision, valid_from, first_recorded_at, recorded_by, reason, line_id,
  start_from, start_to, kind, outcome, purpose, exercise, retracted, source, source_id,
  content
on contact_rev begin select raise(abort, 'versions are never changed'); end;
create trigger contact_rev_close before update of valid_to on contact_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger link_rev_keep before delete on link_rev begin select raise(abort, 'versions are never removed'); end;
create trigger link_rev_still before update of
  rev, contact_id, incident_id, revision, valid_from, first_recorded_at, recorded_by,
  reason, relation, linked
on link_rev begin select raise(abort, 'versions are never changed'); end;
create trigger link_rev_close before update of valid_to on link_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger incident_facts_keep before delete on incident_facts begin select raise(abort, 'versions are never removed'); end;
create trigger incident_facts_still before update of
  rev, incident_id, revision, valid_from, rule_severity, rule_region, rule_need, within_s,
  deadline_from, deadline_to, p0_best, p0_worst, p0_strict_best, p0_strict_worst, p1_best,
  p1_worst, p1_strict_best, p1_strict_worst, p2_best, p2_worst, p2_strict_best,
  p2_strict_worst, first_attempt_min, first_attempt_max, first_contact_min,
  first_contact_max, first_direct_min, first_direct_max, first_diplomatic_min,
  first_diplomatic_max, since_known_min, since_known_max, first_contact_id, attempts,
  through, direct, diplomatic, basis, late_entry
on incident_facts begin select raise(abort, 'versions are never changed'); end;
create trigger incident_facts_close before update of valid_to on incident_facts when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;
create trigger incident_facts_one before insert on incident_facts
when exists (select 1 from incident_facts where incident_id = new.incident_id and valid_to = 4611686018427387903)
begin select raise(abort, 'the version before has not ended'); end;
create trigger audit_keep before delete on audit begin select raise(abort, 'entries are never removed'); end;
create trigger audit_still before update on audit begin select raise(abort, 'entries are never changed'); end;
