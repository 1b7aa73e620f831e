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
import MultiPolygon from "ol/geom/MultiPolygon";
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
import Control from "ol/control/Control";
import DragPan from "ol/interaction/DragPan";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import { keepLook, lookOf } from "./mapaddress";
import { statusWords, words } from "./mapwords";
import { mapStyles, type Styles } from "./mapstyles";

const degrees = "EPSG:4326";

/** Below this many px two symbols are one, with their number. */
const crowdPx = 22;

class RegionMap {
  private readonly box: HTMLElement;
  private readonly code: string;
  private readonly map: OlMap;
  private readonly incidents = new VectorSource<Feature<Geometry>>();
  private readonly uncertainty = new VectorSource<Feature<Geometry>>();
  private readonly degreeLabels = new VectorSource<Feature<Geometry>>();
  private readonly layers: VectorLayer[] = [];
  private readonly extent: Extent;
  private styles: Styles;
  private selected = "";
  private hovered = "";
  private allUncertainty = false;

  constructor(box: HTMLElement) {
    this.box = box;
    this.code = box.dataset["code"] ?? "ILOG:REGION";
    proj4.defs(this.code, box.dataset["proj4"] ?? "");
    register(proj4);
    const view: Extent = box.dataset["view"]?.split(",").map(Number) ?? [];
    const projection = projectionOf(this.code);
    if (!projection) throw new Error(`no projection ${this.code}`);
    const extent = transformExtent(view, degrees, this.code, 8);
    projection.setExtent(buffer(extent, 1_500_000));
    this.styles = mapStyles();
    const target = document.createElement("div");
    target.className = "maplive";
    target.tabIndex = 0;
    // Not an application: the letters that are keys of the page stay so here.
    target.setAttribute("role", "region");
    target.setAttribute("aria-label", `Live map, ${document.querySelector("h1")?.textContent ?? ""}: arrow keys pan; the list beside it holds the same incidents`);
    box.append(target);
    this.map = new OlMap({
      target,
      view: new View({ projection, extent: buffer(extent, 800_000), constrainOnlyCenter: true, showFullExtent: true }),
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, dragPan: false, mouseWheelZoom: false }).extend([twoFingers(), new MouseWheelZoom({ onFocusOnly: true })]),
      controls: defaultControls({ attribution: false, rotate: false }).extend([new ScaleLine({ units: "nautical" }), this.buttons()]),
    });
    for (const [selector, key] of [[".ol-zoom-in", "+"], [".ol-zoom-out", "-"]] as const) {
      const button = target.querySelector<HTMLElement>(selector);
      if (!button) continue;
      button.dataset["key"] = key;
      button.setAttribute("aria-keyshortcuts", key);
    }
    this.extent = extent;
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
    this.layer(graticule(this.code, this.step()), () => this.styles.grid);
    this.layer(bands.filter((f) => f.get("region") === region), () => this.styles.band);
    this.layer(regions.filter((f) => f.getId() === region), () => this.styles.outline);
    this.layer(places.filter((f) => f.get("region") === region), (f, resolution) => this.styles.place(f, resolution), true, (a, b) => importance(b) - importance(a));
    this.layers.push(new VectorLayer({ source: this.degreeLabels, style: (f) => this.styles.degree(String(f.get("text")), f.get("axis") === 0), updateWhileInteracting: true, updateWhileAnimating: true }));
    this.layer(this.seaNames(), (f) => this.styles.sea(String(f.get("name"))), true);
    this.incidents.addFeatures(features.filter((f) => f.getGeometry()));
    this.layers.push(new VectorLayer({ source: this.uncertainty, style: (f) => this.styles.ring(f) }));
    this.layers.push(new VectorLayer({ source: this.incidents, style: (f) => this.styles.shape(f) }));
    const clusters = new Cluster<Feature<Geometry>>({ source: this.incidents, distance: crowdPx, geometryFunction: (f) => middle(f) });
    this.layers.push(new VectorLayer({ source: clusters, declutter: true, style: (f) => this.styles.symbol(members(f), this.selected, this.hovered) }));
    for (const l of this.layers) this.map.addLayer(l);
    this.drawUncertainty();
    this.box.classList.add("live");
    this.map.updateSize();
    this.goHome();
    this.goToAddress();
    this.listen();
  }

  private seaNames(): Feature<Geometry>[] {
    const names = JSON.parse(this.box.dataset["seas"] ?? "[]") as { name: string; lon: number; lat: number }[];
    return names.map((s) => new Feature<Geometry>({ geometry: new Point(transform([s.lon, s.lat], degrees, this.code)), name: s.name }));
  }

  /** The buttons of the map, each with a key like any other of the page. */
  private buttons(): Control {
    const element = document.createElement("div");
    element.className = "ol-control map-own";
    const uncertainty = button("U", "Show how well every place is known", () => {
      this.allUncertainty = !this.allUncertainty;
      uncertainty.setAttribute("aria-pressed", String(this.allUncertainty));
      this.drawUncertainty();
    });
    uncertainty.setAttribute("aria-pressed", "false");
    element.append(button("0", "Show the whole sea", () => this.goHome()), uncertainty);
    return new Control({ element });
  }

  private goHome(): void {
    this.map.getView().fit(this.extent, { size: this.map.getSize() ?? [800, 600] });
  }

  /** Looks where the address says, or at the whole sea. */
  private goToAddress(): void {
    const look = lookOf(location.hash);
    if (!look) return;
    this.map.getView().setCenter(transform([look.lon, look.lat], degrees, this.code));
    this.map.getView().setResolution(look.resolution);
  }

  /** Keeps the address up with where one looks; the whole sea needs no words. */
  private keepAddress(): void {
    const view = this.map.getView();
    const resolution = view.getResolution() ?? 1;
    const [lon = 0, lat = 0] = transform(view.getCenter() ?? [0, 0], this.code, degrees);
    const home = view.getResolutionForExtent(this.extent, this.map.getSize());
    const middle = getCenter(this.extent);
    const away = Math.hypot(...(view.getCenter() ?? middle).map((x, i) => x - (middle[i] ?? 0))) / resolution;
    keepLook(Math.abs(resolution / home - 1) < 0.01 && away < 2 ? null : { lat, lon, resolution });
  }

  private async read(address: string): Promise<Feature<Geometry>[]> {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const features = new GeoJSON().readFeatures(await answer.json()) as Feature<Geometry>[];
    for (const f of features) {
      const shape = f.getGeometry();
      if (shape instanceof MultiPolygon) shape.setCoordinates(shape.getCoordinates().map((area) => area.map(followed)));
      f.getGeometry()?.transform(degrees, this.code);
    }
    return features;
  }

  private layer(features: Feature<Geometry>[], style: (f: FeatureLike, resolution: number) => ReturnType<Styles["shape"]>, declutter = false, renderOrder?: (a: FeatureLike, b: FeatureLike) => number): void {
    this.layers.push(new VectorLayer({ source: new VectorSource({ features }), style, declutter, ...(renderOrder && { renderOrder }) }));
  }

  /** Degrees between the lines of the graticule of this sea. */
  private step(): number {
    const [, south = 0, , north = 0] = (this.box.dataset["view"] ?? "").split(",").map(Number);
    return north - south > 12 ? 5 : 2;
  }

  /** Writes the degrees where the graticule crosses the left and the lower edge, wherever one looks. */
  private labelDegrees(): void {
    const [width = 0, height = 0] = this.map.getSize() ?? [];
    const [left = 0, bottom = 0, right = 0, top = 0] = this.map.getView().calculateExtent([width, height]);
    const inset = (this.map.getView().getResolution() ?? 1) * 4;
    const edges: [number, number[], number[]][] = [[0, [left + inset, bottom + 6 * inset], [right, bottom + 6 * inset]], [1, [left + inset, bottom], [left + inset, top]]];
    this.degreeLabels.clear();
    for (const [axis, from, to] of edges) this.degreeLabels.addFeatures(crossings(this.code, this.step(), axis, from, to));
  }

  private listen(): void {
    this.map.getView().on("change", () => this.labelDegrees());
    this.map.on("change:size", () => this.labelDegrees());
    this.labelDegrees();
    this.map.on("moveend", () => this.keepAddress());
    window.addEventListener("hashchange", () => this.goToAddress());
    this.map.on("pointermove", (event) => {
      if (event.dragging) return;
      const hit = this.at(event.pixel);
      this.map.getTargetElement()?.classList.toggle("over", hit.length > 0);
      const first = hit[0];
      this.hover(hit.length === 1 && first ? idOf(first) : "");
    });
    this.map.on("click", (event) => this.press(this.at(event.pixel)));
    const list = document.querySelector("[data-map-list]");
    list?.addEventListener("pointerover", (event) => this.hover(rowOf(event.target)?.dataset["id"] ?? ""));
    list?.addEventListener("pointerleave", () => this.hover(""));
    list?.addEventListener("focusin", (event) => this.fromList(event.target));
    list?.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a")) return;
      this.fromList(event.target);
    });
    document.addEventListener("themechange", () => {
      this.styles = mapStyles();
      for (const l of this.layers) l.changed();
    });
  }

  private hover(id: string): void {
    if (id === this.hovered) return;
    this.hovered = id;
    mark(id, "hover");
    this.drawUncertainty();
    this.layers.at(-1)?.changed();
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
    if (apart <= 2 || (view.getResolution() ?? 0) <= 300) return this.card(hit);
    this.card([]); // it would hide some of what comes apart
    view.fit(buffer(extent, 5_000), { maxZoom: (view.getZoom() ?? 1) + 3, padding: [60, 60, 60, 60] });
  }

  private fromList(target: EventTarget | null): void {
    const id = rowOf(target)?.dataset["id"];
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
      link.href = `/incidents/${idOf(f)}${this.asOf()}`;
      link.textContent = String(f.get("title"));
      const more = document.createElement("span");
      more.textContent = [f.get("number"), momentOf(f), words(f.get("severity")), statusWords(f.get("deescalation_best"), f.get("deescalation_worst")), placeWords(f)].filter(Boolean).join(" · ");
      line.append(link, more);
      card.append(line);
    }
    if (list.length > 12) card.append(`and ${list.length - 12} more at this place`);
    this.box.append(card);
  }

  /** Links of a page that is read as of a moment stay at it. */
  private asOf(): string {
    const moment = new URLSearchParams(location.search).get("as_of");
    return moment ? `?${new URLSearchParams({ as_of: moment }).toString()}` : "";
  }

  /** Rings at their true size: of what is chosen or pointed at, or of all. */
  private drawUncertainty(): void {
    this.uncertainty.clear();
    for (const f of this.incidents.getFeatures()) {
      const metres = Number(f.get("position_uncertainty_m") ?? 0);
      const chosen = idOf(f) === this.selected || idOf(f) === this.hovered;
      const at = middle(f)?.getCoordinates();
      if (!(metres > 0) || !at || !(chosen || this.allUncertainty)) continue;
      // On the sphere of OpenLayers a circle is off by less than 0.6 %.
      const ring = circular(transform(at, this.code, degrees), metres, 96).transform(degrees, this.code);
      this.uncertainty.addFeature(new Feature({ geometry: ring, inferred: f.get("position_basis") === "inferred", chosen }));
    }
  }
}

function button(text: string, title: string, run: () => void): HTMLButtonElement {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = text;
  b.title = title;
  b.setAttribute("aria-label", `${text}: ${title}`);
  b.setAttribute("aria-keyshortcuts", text);
  b.dataset["key"] = text.toLowerCase();
  b.addEventListener("click", run);
  return b;
}

/** On a touch screen one finger scrolls the page and two move the map. */
function twoFingers(): DragPan {
  const pan: DragPan = new DragPan({ condition: (event) => (event.originalEvent instanceof PointerEvent && event.originalEvent.pointerType !== "touch") || pan.getPointerCount() > 1 });
  return pan;
}

const idOf = (f: FeatureLike): string => String(f.getId() ?? "");

const rowOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null);

/** When it was: as the list has it, and for what is not in the list as the file has it. */
function momentOf(f: FeatureLike): string {
  const row = document.querySelector(`[data-map-list] [data-id="${CSS.escape(idOf(f))}"] .dtg`);
  return row?.textContent?.replace(/\s+/g, " ").trim() ?? String(f.get("date") ?? "");
}

/** How well the place is known. */
function placeWords(f: FeatureLike): string {
  const nm = f.get("position_uncertainty_nm") as number | null;
  const basis = f.get("position_basis") === "inferred" ? "place inferred" : "";
  return nm ? `${basis || "place"} within ${nm} NM` : basis;
}

/** The incidents that a symbol stands for. */
function members(f: FeatureLike): Feature<Geometry>[] {
  return (f.get("features") as Feature<Geometry>[] | undefined) ?? [];
}

/** A ring with points along its long sides: the edge of the base map follows a parallel, which is no straight line here. */
function followed(ring: number[][]): number[][] {
  return ring.flatMap((p, i) => {
    const next = ring[i + 1];
    if (!next) return [p];
    const pieces = Math.ceil(Math.max(...p.map((x, axis) => Math.abs((next[axis] ?? x) - x))));
    return [p, ...range(1, pieces - 1, 1).map((n) => p.map((x, axis) => x + (n / pieces) * ((next[axis] ?? x) - x)))];
  });
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
  for (const row of document.querySelectorAll<HTMLElement>("[data-map-list] [data-row]")) {
    const here = id !== "" && row.dataset["id"] === id;
    row.classList.toggle(name, here);
    if (here && scroll) row.scrollIntoView({ block: "nearest" });
  }
}

/** Which names are wanted first where there is no room for all. */
const importance = (f: FeatureLike): number => ["strait", "cape", "installation", "island", "air_base", "city"].indexOf(String(f.get("kind")));

/** The steps of a count from one number to another. */
function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}

/** Meridians and parallels of the north-west of Europe, curved as the projection has them. */
function graticule(code: string, step: number): Feature<Geometry>[] {
  const line = (points: number[][]): Feature<Geometry> => new Feature<Geometry>({ geometry: new LineString(points.map((p) => transform(p, degrees, code))) });
  return [
    ...range(30, 85, step).map((lat) => line(range(-60, 80, 0.5).map((lon) => [lon, lat]))),
    ...range(-60, 80, step).map((lon) => line(range(30, 85, 0.5).map((lat) => [lon, lat]))),
  ];
}

/** Where an edge of the view crosses meridians (axis 0) or parallels (axis 1). */
function crossings(code: string, step: number, axis: number, from: number[], to: number[]): Feature<Geometry>[] {
  const out: Feature<Geometry>[] = [];
  const at = (t: number): number[] => from.map((x, i) => x + t * ((to[i] ?? x) - x));
  const value = (t: number): number => transform(at(t), code, degrees)[axis] ?? 0;
  const pieces = 64;
  for (let i = 0; i < pieces; i++) {
    const a = value(i / pieces), b = value((i + 1) / pieces);
    const line = Math.ceil(Math.min(a, b) / step) * step;
    if (line > Math.max(a, b) || Math.abs(a - b) > 90 || a === b) continue;
    const where = at((i + (line - a) / (b - a)) / pieces);
    const half = axis === 0 ? (line < 0 ? "W" : "E") : "N";
    out.push(new Feature<Geometry>({ geometry: new Point(where), text: `${Math.abs(line)}°${half}`, axis }));
  }
  return out;
}

const box = document.querySelector<HTMLElement>("[data-map]");
if (box) {
  new RegionMap(box).start().catch((error: unknown) => {
    // The drawing of the server stays in its place.
    box.classList.remove("live");
    box.querySelector(".maplive")?.remove();
    console.error("map", error);
  });
}
