-- What the pages of administration ask. era is the number of the sessions of a
-- person: those that began in an earlier one are over.
alter table person add column era integer not null default 0;

-- The entries of one object, and the last sign-in of a person. An index ends
-- with the number of its entry, so that the newest are found without sorting.
create index audit_subject on audit (subject);
