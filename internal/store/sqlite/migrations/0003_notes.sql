-- What is kept beside the record of an incident: comments and attachments.
-- Their versions are tables of versions as in 0001: a comment or an attachment
-- has one, and a second when it has been struck.

create table comment_rev (
  rev               integer primary key,
  id                text not null,
  incident_id       text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null, -- why it was struck
  author            text not null,
  struck            integer not null check (struck in (0, 1)),
  text              text not null,
  unique (id, revision)
) strict;
create unique index comment_current on comment_rev (id) where valid_to = 4611686018427387903;
create index comment_incident on comment_rev (incident_id, first_recorded_at, id);

create trigger comment_rev_keep before delete on comment_rev begin select raise(abort, 'versions are never removed'); end;
create trigger comment_rev_still before update of
  rev, id, incident_id, revision, valid_from, first_recorded_at, recorded_by, reason, author,
  struck, text
on comment_rev begin select raise(abort, 'versions are never changed'); end;
create trigger comment_rev_close before update of valid_to on comment_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- The type was read from the content, not from the name or the sender. The
-- preview was drawn anew from a picture; a document has none.
create table attachment_rev (
  rev               integer primary key,
  id                text not null,
  incident_id       text not null,
  revision          integer not null,
  valid_from        integer not null,
  valid_to          integer not null,
  first_recorded_at integer not null,
  recorded_by       text not null,
  reason            text not null, -- why it was struck
  author            text not null,
  struck            integer not null check (struck in (0, 1)),
  name              text not null,
  type              text not null,
  size              integer not null, -- bytes
  sha256            text not null,
  width             integer not null, -- pixels; 0 for a document
  height            integer not null,
  preview_type      text not null,    -- empty for none
  preview_width     integer not null,
  preview_height    integer not null,
  preview_sha256    text not null,
  unique (id, revision)
) strict;
create unique index attachment_current on attachment_rev (id) where valid_to = 4611686018427387903;
create index attachment_incident on attachment_rev (incident_id, first_recorded_at, id);

create trigger attachment_rev_keep before delete on attachment_rev begin select raise(abort, 'versions are never removed'); end;
create trigger attachment_rev_still before update of
  rev, id, incident_id, revision, valid_from, first_recorded_at, recorded_by, reason, author,
  struck, name, type, size, sha256, width, height, preview_type, preview_width,
  preview_height, preview_sha256
on attachment_rev begin select raise(abort, 'versions are never changed'); end;
create trigger attachment_rev_close before update of valid_to on attachment_rev when old.valid_to <> 4611686018427387903
begin select raise(abort, 'this version has ended'); end;

-- The bytes, in pieces, so that neither a write nor a read holds a whole file.
-- The version's hashes stand for them.
create table attachment_chunk (
  attachment_id text not null,
  part          text not null check (part in ('content', 'preview')),
  no            integer not null, -- 0, 1, 2 …
  bytes         blob not null,
  primary key (attachment_id, part, no)
) strict;

create trigger attachment_chunk_keep before delete on attachment_chunk begin select raise(abort, 'content is never removed'); end;
create trigger attachment_chunk_still before update on attachment_chunk begin select raise(abort, 'content is never changed'); end;
