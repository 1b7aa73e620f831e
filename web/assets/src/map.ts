// The live map of one sea, in the region's own projection. Without it the page
// shows the same map as the server drew it. Everything that it draws comes from
// this server; colours are the page's own tokens, read anew when the theme
// changes.
import OlMap from "ol/Map";
import View from "ol/View";
import Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import { circular } from "ol/geom/Polygon";
import type Geometry from "ol/geom/Geometry";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import Cluster from "ol/source/Cluster";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as defaultControls } from "ol/control/defaults";
import { register } from "ol/proj/proj4";
import { get as projectionOf, transform, transformExtent } from "ol/proj";
import { boundingExtent, buffer, containsCoordinate, getCenter } from "ol/extent";
import type { Extent } from "ol/extent";
import proj4 from "proj4";
import { bindings } from "./keys";
import { mapStyles, type Styles } from "./mapstyles";

const degrees = "EPSG:4326";

/** Below this many px two symbols are one, with their number. */
const crowdPx = 22;

class RegionMap {
  private readonly box: HTMLElement;
  private readonly code: string;
  private readonly map: OlMap;
  private readonly home: Extent;
  private readonly incidents = new VectorSource<Feature<Geometry>>();
  private readonly uncertainty = new VectorSource<Feature<Geometry>>();
  private readonly layers: VectorLayer[] = [];
  private styles: Styles;
  private selected = "";
  private allUncertainty = false;

  constructor(box: HTMLElement) {
    this.box = box;
    this.code = box.dataset["code"] ?? "ILOG:REGION";
    proj4.defs(this.code, box.dataset["proj4"] ?? "");
    register(proj4);
    const view = JSON.parse(box.dataset["view"] ?? "[]") as Extent;
    const projection = projectionOf(this.code);
    if (!projection) throw new Error(`no projection ${this.code}`);
    const extent = transformExtent(view, degrees, this.code, 8);
    projection.setExtent(buffer(extent, 1_500_000));
    this.styles = mapStyles();
    const target = document.createElement("div");
    target.className = "maplive";
    target.tabIndex = 0;
    target.setAttribute("role", "application");
    target.setAttribute("aria-label", `Map of the region ${document.querySelector("h1")?.textContent ?? ""}; the list beside it holds the same incidents`);
    box.append(target);
    this.map = new OlMap({
      target,
      view: new View({ projection, extent: buffer(extent, 800_000), constrainOnlyCenter: true, showFullExtent: true }),
      controls: defaultControls({ attribution: false, rotate: false }).extend([new ScaleLine({ units: "nautical" })]),
    });
    this.home = extent;
  }

  /** Loads what the map shows; only then it takes the place of the drawing. */
  async start(): Promise<void> {
    const [land, bands, regions, places, features] = await Promise.all([
      this.read("/geo/land.json"),
      this.read("/geo/territorial.json"),
      this.read("/geo/regions.json"),
      this.read("/geo/places.json"),
      this.read(this.box.dataset["features"] ?? ""),
    ]);
    const region = this.box.dataset["region"];
    this.layer(land, () => this.styles.land);
    this.layer(graticule(this.code, this.box.dataset["view"] ?? "[]"), (f) => this.styles.grid(String(f.get("label"))), true);
    this.layer(bands.filter((f) => f.get("region") === region), () => this.styles.band);
    this.layer(regions.filter((f) => f.getId() === region), () => this.styles.outline);
    this.layer(places.filter((f) => f.get("region") === region), (f, resolution) => this.styles.place(f, resolution), true);
    this.incidents.addFeatures(features.filter((f) => f.getGeometry()));
    this.layers.push(new VectorLayer({ source: this.uncertainty, style: (f) => this.styles.ring(f) }));
    this.layers.push(new VectorLayer({ source: this.incidents, style: (f) => this.styles.shape(f) }));
    const clusters = new Cluster<Feature<Geometry>>({ source: this.incidents, distance: crowdPx, geometryFunction: (f) => middle(f) });
    this.layers.push(new VectorLayer({ source: clusters, style: (f) => this.styles.symbol(members(f), this.selected) }));
    for (const l of this.layers) this.map.addLayer(l);
    this.drawUncertainty();
    this.listen();
    // Only now the map has a size, and can be fitted to it.
    this.box.classList.add("live");
    this.map.updateSize();
    this.map.getView().fit(this.home, { padding: [4, 4, 4, 4] });
  }

  private async read(address: string): Promise<Feature<Geometry>[]> {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return new GeoJSON().readFeatures(await answer.json(), { dataProjection: degrees, featureProjection: this.code }) as Feature<Geometry>[];
  }

  private layer(features: Feature<Geometry>[], style: (f: FeatureLike, resolution: number) => ReturnType<Styles["shape"]>, declutter = false): void {
    this.layers.push(new VectorLayer({ source: new VectorSource({ features }), style, declutter }));
  }

  private listen(): void {
    this.map.on("pointermove", (event) => {
      if (event.dragging) return;
      const hit = this.at(event.pixel);
      this.map.getTargetElement()?.classList.toggle("over", hit.length > 0);
      const first = hit[0];
      mark(hit.length === 1 && first ? idOf(first) : "", "hover");
    });
    this.map.on("click", (event) => this.press(this.at(event.pixel)));
    const list = document.querySelector("[data-testid=map-list]");
    list?.addEventListener("focusin", (event) => this.fromList(event.target));
    list?.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a")) return;
      this.fromList(event.target);
    });
    document.addEventListener("themechange", () => {
      this.styles = mapStyles();
      for (const l of this.layers) l.changed();
    });
    bindings.push({
      keys: "u", label: "show how well every place is known", there: () => true,
      run: () => {
        this.allUncertainty = !this.allUncertainty;
        this.drawUncertainty();
      },
    });
  }

  /** The incidents whose symbol is at a px. */
  private at(pixel: number[]): Feature<Geometry>[] {
    const hit = this.map.forEachFeatureAtPixel(pixel, (f) => (f.get("features") ? members(f) : undefined), { hitTolerance: 4 });
    return hit ?? [];
  }

  /** One symbol is chosen; several in one are looked at more closely, and where that does not part them, all are named. */
  private press(hit: Feature<Geometry>[]): void {
    const first = hit[0];
    if (!first) return this.select("");
    if (hit.length === 1) return this.select(idOf(first), true);
    const extent = boundingExtent(hit.map((f) => middle(f)?.getCoordinates() ?? []));
    const view = this.map.getView();
    const apart = Math.max(extent[2]! - extent[0]!, extent[3]! - extent[1]!) / (view.getResolution() ?? 1);
    if (apart > 2 && (view.getResolution() ?? 0) > 300) view.fit(buffer(extent, 5_000), { maxZoom: (view.getZoom() ?? 1) + 3, padding: [60, 60, 60, 60] });
    this.card(hit);
  }

  private fromList(target: EventTarget | null): void {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
    const id = row?.dataset["id"];
    if (!id) return;
    this.select(id);
    const feature = this.incidents.getFeatureById(id);
    const at = feature ? middle(feature)?.getCoordinates() : undefined;
    const view = this.map.getView();
    if (at && !containsCoordinate(view.calculateExtent(this.map.getSize()), at)) view.setCenter(at);
  }

  private select(id: string, scroll = false): void {
    this.selected = id;
    mark(id, "cur", scroll);
    this.drawUncertainty();
    this.layers.at(-1)?.changed();
    const feature = id ? this.incidents.getFeatureById(id) : null;
    this.card(feature ? [feature as Feature<Geometry>] : []);
  }

  /** Says what is chosen, with the way to it. */
  private card(list: Feature<Geometry>[]): void {
    this.box.querySelector(".mcard")?.remove();
    if (list.length === 0) return;
    const card = document.createElement("div");
    card.className = "mcard";
    card.setAttribute("role", "status");
    for (const f of list.slice(0, 12)) {
      const line = document.createElement("p");
      const link = document.createElement("a");
      link.href = `/incidents/${idOf(f)}`;
      link.textContent = String(f.get("title"));
      line.append(link, ` ${String(f.get("date"))}`);
      card.append(line);
    }
    if (list.length > 12) card.append(`and ${list.length - 12} more at this place`);
    this.box.append(card);
  }

  /** Rings at their true size: of what is chosen, of what is inferred, or of all. */
  private drawUncertainty(): void {
    this.uncertainty.clear();
    for (const f of this.incidents.getFeatures()) {
      const metres = Number(f.get("position_uncertainty_m") ?? 0);
      const chosen = idOf(f) === this.selected;
      const at = middle(f)?.getCoordinates();
      if (!(metres > 0) || !at || !(chosen || this.allUncertainty)) continue;
      // On the sphere of OpenLayers a circle is off by less than 0.6 %.
      const ring = circular(transform(at, this.code, degrees), metres, 96).transform(degrees, this.code);
      this.uncertainty.addFeature(new Feature({ geometry: ring, inferred: f.get("position_basis") === "inferred", chosen }));
    }
  }
}

const idOf = (f: FeatureLike): string => String(f.getId() ?? "");

/** The incidents that a symbol stands for. */
function members(f: FeatureLike): Feature<Geometry>[] {
  return (f.get("features") as Feature<Geometry>[] | undefined) ?? [];
}

/** The point that stands for a shape. */
function middle(f: FeatureLike): Point | null {
  const g = f.getGeometry();
  if (g instanceof Point) return g;
  if (g instanceof LineString) return new Point(g.getCoordinateAt(0.5));
  return g ? new Point(getCenter(g.getExtent())) : null;
}

/** Shows in the list what the map speaks of. */
function mark(id: string, name: "cur" | "hover", scroll = false): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-testid=map-list] [data-row]")) {
    const here = id !== "" && row.dataset["id"] === id;
    row.classList.toggle(name, here);
    if (here && scroll) row.scrollIntoView({ block: "nearest" });
  }
}

/** Meridians and parallels, curved as the projection has them. */
function graticule(code: string, view: string): Feature<Geometry>[] {
  const [west = -20, south = 38, east = 50, north = 82] = (JSON.parse(view) as number[]).map(Math.round);
  const step = north - south > 12 ? 5 : 2;
  const out: Feature<Geometry>[] = [];
  const add = (points: number[][], label: string): void => {
    out.push(new Feature({ geometry: new LineString(points.map((p) => transform(p, degrees, code))), label }));
  };
  const range = (from: number, to: number, by: number): number[] => Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
  const snap = (x: number): number => Math.floor(x / step) * step;
  for (const lat of range(snap(south) - step, Math.min(north + 2 * step, 85), step)) add(range(west - 15, east + 15, 0.5).map((lon) => [lon, lat]), `${lat}°N`);
  for (const lon of range(snap(west) - 2 * step, east + 2 * step, step)) add(range(south - 6, Math.min(north + 6, 85), 0.5).map((lat) => [lon, lat]), `${Math.abs(lon)}°${lon < 0 ? "W" : "E"}`);
  return out;
}

const box = document.querySelector<HTMLElement>("[data-map]");
if (box) {
  new RegionMap(box).start().catch((error: unknown) => {
    // The drawing of the server stays in its place.
    box.querySelector(".maplive")?.remove();
    console.error("map", error);
  });
}
