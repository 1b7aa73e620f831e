-- What a person is typing, and how a person wants the pages. Neither is a
-- record: they have no versions, leave no audit entry, and a draft is gone once
-- its report is filed. seq is the writer's own count, so that a save that was
-- overtaken on its way does not undo the later one.
create table draft (
  owner    text not null,
  key      text not null,    -- id of the incident that it will be, or that it changes
  base     integer not null, -- revision that it changes; 0 for a new report
  form     text not null,    -- the form as it would be posted
  place    text not null,    -- field and selection where the cursor stood
  seq      integer not null,
  begun_at integer not null,
  saved_at integer not null,
  primary key (owner, key)
) strict;

create table preference (
  owner text not null,
  name  text not null,
  value text not null,
  primary key (owner, name)
) strict, without rowid;
