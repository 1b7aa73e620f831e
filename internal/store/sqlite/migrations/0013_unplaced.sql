-- Incidents without a position, which a box of the API finds as well.
create index incident_unplaced on incident_rev (rev) where west is null;
