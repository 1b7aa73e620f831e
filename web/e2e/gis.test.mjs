// The interface for GIS as OpenLayers reads it: the same features as the export
// has, and in metres with the axes in the order that a map expects.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import GeoJSON from "ol/format/GeoJSON.js";
import { fromLonLat } from "ol/proj.js";
import { startServer } from "./site.mjs";

let server;

before(async () => { server = await startServer({ args: ["--sample", "--open-read"] }); });
after(async () => { await server?.stop(); });

/** The collection of an address, all pages of it. */
async function pages(where) {
  const list = [];
  for (let next = new URL(where, server.url).href; next;) {
    const answer = await fetch(next, { headers: { Accept: "application/geo+json" } });
    assert.equal(answer.status, 200, next);
    const page = await answer.json();
    list.push(page);
    next = page.links.find((l) => l.rel === "next")?.href;
  }
  return list;
}

test("OpenLayers reads every incident, page after page", async () => {
  const format = new GeoJSON();
  const read = (await pages("/ogc/collections/incidents/items?limit=20")).flatMap((page) => format.readFeatures(page));
  const file = await (await fetch(`${server.url}/export/incidents.geojson`)).json();
  assert.deepEqual(read.map((f) => f.getId()).sort(), file.features.map((f) => f.id).sort());
  assert.equal(read.length, 115);
  assert.ok(read.some((f) => f.getGeometry()?.getType() === "LineString"));
});

test("in EPSG:3857 each point is where OpenLayers would put it", async () => {
  const [degrees] = await pages("/ogc/collections/incident_points/items");
  const [metres] = await pages(`/ogc/collections/incident_points/items?crs=${encodeURIComponent("http://www.opengis.net/def/crs/EPSG/0/3857")}`);
  const there = new Map(new GeoJSON({ dataProjection: "EPSG:3857", featureProjection: "EPSG:3857" }).readFeatures(metres).map((f) => [f.getId(), f.getGeometry().getCoordinates()]));
  const here = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" }).readFeatures(degrees);
  assert.ok(here.length > 100);
  for (const f of here) {
    const [x, y] = f.getGeometry().getCoordinates(), [east, north] = there.get(f.getId());
    assert.ok(Math.hypot(x - east, y - north) < 0.05, `${f.getId()}: ${x} ${y}, and the server has ${east} ${north}`);
  }
});

test("the window of a map holds what lies in it", async () => {
  const [west, south] = fromLonLat([10, 54]), [east, north] = fromLonLat([25, 60]);
  const mercator = encodeURIComponent("http://www.opengis.net/def/crs/EPSG/0/3857");
  const [window] = await pages(`/ogc/collections/incident_points/items?bbox=${west},${south},${east},${north}&bbox-crs=${mercator}`);
  const all = new GeoJSON().readFeatures((await pages("/ogc/collections/incident_points/items"))[0]);
  const inside = all.filter((f) => f.getGeometry().intersectsExtent([10, 54, 25, 60]));
  assert.ok(inside.length > 5);
  assert.deepEqual(window.features.map((f) => f.id).sort(), inside.map((f) => f.getId()).sort());
});
