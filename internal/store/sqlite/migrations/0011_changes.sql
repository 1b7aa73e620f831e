-- What was written, and which deadlines passed, since a moment: for those who
-- keep a copy.
create index incident_written on incident_rev (valid_from, id);
create index facts_written on incident_facts (valid_from, incident_id);
create index facts_deadline_from on incident_facts (deadline_from, incident_id) where deadline_from is not null;
create index facts_deadline_to on incident_facts (deadline_to, incident_id) where deadline_to is not null;
