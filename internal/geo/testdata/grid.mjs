// Reads a JSON array of {lon, lat, zone, mgrs} and writes one of {mgrs, point, xy}:
// the package mgrs gives the reference of the position and the position of the
// reference, proj4 the metres on the grid of the zone (0 is UPS).
import { readFileSync } from "node:fs";
import mgrs from "mgrs";
import proj4 from "proj4";

function grid({ zone, lat }) {
  const common = "+datum=WGS84 +units=m +no_defs";
  if (zone > 0) return `+proj=utm +zone=${zone} ${lat < 0 ? "+south " : ""}${common}`;
  return `+proj=stere +lat_0=${lat < 0 ? -90 : 90} +lon_0=0 +k=0.994 +x_0=2000000 +y_0=2000000 ${common}`;
}

const out = JSON.parse(readFileSync(0, "utf8")).map((p) => ({
  mgrs: p.zone > 0 ? mgrs.forward([p.lon, p.lat], 5) : "",
  point: p.zone > 0 ? mgrs.toPoint(p.mgrs) : [p.lon, p.lat],
  xy: proj4(grid(p), [p.lon, p.lat]),
}));
process.stdout.write(JSON.stringify(out));
