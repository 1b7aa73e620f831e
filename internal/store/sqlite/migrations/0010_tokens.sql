-- Tokens of programs. hash is the SHA-256 of the secret, so that a copy of this
-- file opens nothing. They have no versions: what is done to them is in the audit
-- chain, and last_used is no act.
create table token (
  id         text primary key,
  owner      text not null references person (name),
  name       text not null,
  scopes     text not null,    -- read,export,write
  filter     text not null,    -- of incidents, as in an address; '' for all
  hash       text not null,
  created_at integer not null,
  expires_at integer not null,
  last_used  integer,          -- to the minute
  revoked_at integer
) strict;
create index token_owner on token (owner, created_at);

-- Values that the server makes once and signs with.
create table secret (
  name  text primary key,
  value blob not null
) strict, without rowid;
