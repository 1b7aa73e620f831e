-- What the pages of administration ask. era is the number of the sessions of a
-- person: those that began in an earlier one are over.
alter table person add column era integer not null default 0;

-- The entries of one object, and the last sign-in of a person. An index ends
-- with the number of its entry, so that the newest are found without sorting.
create index audit_subject on audit (subject);

-- What an entry is about: incident of "incident/<id>".
alter table audit add column kind text generated always as
  (case instr(subject, '/') when 0 then subject else substr(subject, 1, instr(subject, '/') - 1) end) virtual;

-- One for each way to ask, since somebody rare may have done little of what is
-- done often, and the other way round. A kind goes with few actions.
create index audit_actor on audit (actor);
create index audit_actor_action on audit (actor, action, seq, kind);
create index audit_actor_kind on audit (actor, kind, seq, action);
create index audit_action on audit (action, seq, kind);
create index audit_kind on audit (kind, seq, action);

-- The words of the reasons, folded; the entry or its versions hold the text.
create virtual table audit_text using fts5 (body, content = '', prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 2');

insert into audit_text (rowid, body)
select seq, replace(replace(replace(replace(replace(replace(group_concat(reason, ' '),
  'ø', 'o'), 'Ø', 'o'), 'æ', 'ae'), 'ß', 'ss'), 'ł', 'l'), 'Ł', 'l')
from (
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join policy t
  where a.detail <> '' and j.value ->> 'table' = 'policy' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join line_rev t
  where a.detail <> '' and j.value ->> 'table' = 'line_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join incident_rev t
  where a.detail <> '' and j.value ->> 'table' = 'incident_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join contact_rev t
  where a.detail <> '' and j.value ->> 'table' = 'contact_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join link_rev t
  where a.detail <> '' and j.value ->> 'table' = 'link_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join workflow_rev t
  where a.detail <> '' and j.value ->> 'table' = 'workflow_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join comment_rev t
  where a.detail <> '' and j.value ->> 'table' = 'comment_rev' and t.rev = j.value ->> 'rev' and t.reason <> ''
  union
  select a.seq, t.reason from audit a cross join json_each(a.detail, '$.rows') j cross join attachment_rev t
  where a.detail <> '' and j.value ->> 'table' = 'attachment_rev' and t.rev = j.value ->> 'rev' and t.reason <> '')
group by seq;
