-- Which contacts and links were written since a moment: for the difference
-- between what a search gave then and gives now.
create index link_written on link_rev (valid_from, incident_id);
create index contact_written on contact_rev (valid_from, id);
