package crs

import "strings"

// The definitions are what gdalsrsinfo -o wkt1 and -o wkt_esri say of each EPSG
// code (GDAL 3.6.2, EPSG registry 10.076), on one line.

const (
	wgs84 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],` +
		degree + `,AUTHORITY["EPSG","4326"]]`
	etrs89 = `GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6258"]],` +
		degree + `,AUTHORITY["EPSG","4258"]]`
	degree = `PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]`
	metre  = `UNIT["metre",1,AUTHORITY["EPSG","9001"]]`

	pseudoMercator = `PROJCS["WGS 84 / Pseudo-Mercator",` + wgs84 +
		`,PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],` +
		metre + `,AXIS["Easting",EAST],AXIS["Northing",NORTH],` +
		`EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]`
	laeaEurope = `PROJCS["ETRS89-extended / LAEA Europe",` + etrs89 +
		`,PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",52],PARAMETER["longitude_of_center",10],PARAMETER["false_easting",4321000],PARAMETER["false_northing",3210000],` +
		metre + `,AXIS["Northing",NORTH],AXIS["Easting",EAST],AUTHORITY["EPSG","3035"]]`
	northPoleLAEA = `PROJCS["WGS 84 / North Pole LAEA Europe",` + wgs84 +
		`,PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",90],PARAMETER["longitude_of_center",10],PARAMETER["false_easting",0],PARAMETER["false_northing",0],` +
		metre + `,AXIS["Easting",SOUTH],AXIS["Northing",SOUTH],AUTHORITY["EPSG","3575"]]`
	arcticStereographic = `PROJCS["WGS 84 / Arctic Polar Stereographic",` + wgs84 +
		`,PROJECTION["Polar_Stereographic"],PARAMETER["latitude_of_origin",71],PARAMETER["central_meridian",0],PARAMETER["false_easting",0],PARAMETER["false_northing",0],` +
		metre + `,AXIS["Easting",SOUTH],AXIS["Northing",SOUTH],AUTHORITY["EPSG","3995"]]`
	// utmZone takes the zone, its central meridian and the code.
	utmZone = `PROJCS["WGS 84 / UTM zone %dN",` + wgs84 +
		`,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",%d],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],` +
		metre + `,AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","%d"]]`
)

const (
	esriWGS84  = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],` + esriDegree
	esriETRS89 = `GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],` + esriDegree
	esriDegree = `PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`

	esriPseudoMercator = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + esriWGS84 +
		`,PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
	esriLAEAEurope = `PROJCS["ETRS_1989_LAEA",` + esriETRS89 +
		`,PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["False_Easting",4321000.0],PARAMETER["False_Northing",3210000.0],PARAMETER["Central_Meridian",10.0],PARAMETER["Latitude_Of_Origin",52.0],UNIT["Meter",1.0]]`
	esriNorthPoleLAEA = `PROJCS["WGS_1984_North_Pole_LAEA_Europe",` + esriWGS84 +
		`,PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",10.0],PARAMETER["Latitude_Of_Origin",90.0],UNIT["Meter",1.0]]`
	esriArcticStereographic = `PROJCS["WGS_1984_Arctic_Polar_Stereographic",` + esriWGS84 +
		`,PROJECTION["Stereographic_North_Pole"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",71.0],UNIT["Meter",1.0]]`
	// esriUTMZone takes the zone and its central meridian.
	esriUTMZone = `PROJCS["WGS_1984_UTM_Zone_%dN",` + esriWGS84 +
		`,PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%d.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
)

// withAxes says the order of the axes of a geographic system, which its
// definition inside that of a projected one leaves out.
func withAxes(geogcs string) string {
	at := strings.LastIndex(geogcs, ",AUTHORITY")
	return geogcs[:at] + `,AXIS["Latitude",NORTH],AXIS["Longitude",EAST]` + geogcs[at:]
}
