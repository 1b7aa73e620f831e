package gpkg

import "strings"

// applicationID is "GPKG", and version 1.3.0 (OGC 12-128r17 §1.1.1.1.1).
const (
	applicationID = 0x47504B47
	version       = 10300
)

// tables are those that every file has. Definitions are those of the standard:
// annex C for the tables, annex F.8 and F.9 for metadata and schema.
const tables = `
create table gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT);
create table gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
create table gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
create table gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
create table gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
create table gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
create table gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
create table gpkg_metadata_reference (
  reference_scope TEXT NOT NULL,
  table_name TEXT,
  column_name TEXT,
  row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
insert into gpkg_spatial_ref_sys values
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
insert into gpkg_extensions values
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec/#extension_metadata', 'read-write');`

const (
	addSystem = `insert or ignore into gpkg_spatial_ref_sys values ($1, $2, 'EPSG', $2, $3, $4)`

	addContents = `insert into gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) values ($1, $2, $3, $4, $5, $6)`
	setExtent   = `update gpkg_contents set min_x = $2, min_y = $3, max_x = $4, max_y = $5 where table_name = $1`

	addGeometryColumn = `insert into gpkg_geometry_columns values ($1, '` + geometryColumn + `', $2, $3, 0, 0)`
	setGeometryType   = `update gpkg_geometry_columns set geometry_type_name = $2 where table_name = $1`
	setColumnType     = `update sqlite_schema set sql = replace(sql, $2, $3) where type = 'table' and name = $1`
	addIndex          = `insert into gpkg_extensions values ($1, '` + geometryColumn + `', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`

	addColumn     = `insert into gpkg_data_columns (table_name, column_name, name, title, description, mime_type, constraint_name) values ($1, $2, $3, $3, $4, $5, $6)`
	addConstraint = `insert into gpkg_data_column_constraints (constraint_name, constraint_type, value) values ($1, 'enum', $2)`

	addMetadata  = `insert into gpkg_metadata values (1, 'dataset', 'https://www.rfc-editor.org/rfc/rfc8259', 'application/json', $1)`
	addReference = `insert into gpkg_metadata_reference (reference_scope, timestamp, md_file_id) values ('geopackage', $1, 1)`
)

// The columns that a table of features has beside the properties.
const (
	idColumn       = "fid"
	geometryColumn = "geom"
)

// triggers keep the index right when somebody else changes rows (annex F.3 of
// version 1.3). They call functions that the reader's program brings along, so
// they are made last: our own rows are put into the index by ourselves.
const triggers = `
create trigger "rtree_T_G_insert" after insert on "T" when (new."G" not null and not ST_IsEmpty(NEW."G"))
begin insert or replace into "rtree_T_G" values (NEW."I", ST_MinX(NEW."G"), ST_MaxX(NEW."G"), ST_MinY(NEW."G"), ST_MaxY(NEW."G")); end;
create trigger "rtree_T_G_update1" after update of "G" on "T" when OLD."I" = NEW."I" and (NEW."G" notnull and not ST_IsEmpty(NEW."G"))
begin insert or replace into "rtree_T_G" values (NEW."I", ST_MinX(NEW."G"), ST_MaxX(NEW."G"), ST_MinY(NEW."G"), ST_MaxY(NEW."G")); end;
create trigger "rtree_T_G_update2" after update of "G" on "T" when OLD."I" = NEW."I" and (NEW."G" isnull or ST_IsEmpty(NEW."G"))
begin delete from "rtree_T_G" where id = OLD."I"; end;
create trigger "rtree_T_G_update3" after update on "T" when OLD."I" != NEW."I" and (NEW."G" notnull and not ST_IsEmpty(NEW."G"))
begin delete from "rtree_T_G" where id = OLD."I"; insert or replace into "rtree_T_G" values (NEW."I", ST_MinX(NEW."G"), ST_MaxX(NEW."G"), ST_MinY(NEW."G"), ST_MaxY(NEW."G")); end;
create trigger "rtree_T_G_update4" after update on "T" when OLD."I" != NEW."I" and (NEW."G" isnull or ST_IsEmpty(NEW."G"))
begin delete from "rtree_T_G" where id in (OLD."I", NEW."I"); end;
create trigger "rtree_T_G_delete" after delete on "T" when old."G" not null
begin delete from "rtree_T_G" where id = OLD."I"; end;`

// triggersOf are those of one table, whose name a layer's check has found to
// need no escape.
func triggersOf(table string) string {
	return strings.NewReplacer("rtree_T_G", "rtree_"+table+"_"+geometryColumn, `"T"`, `"`+table+`"`, `"G"`, `"`+geometryColumn+`"`, `"I"`, `"`+idColumn+`"`).Replace(triggers)
}

// quote makes a name an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
