-- Incidents without a position, which every box finds as well.
create index incident_unplaced on incident_rev (rev) where west is null;
