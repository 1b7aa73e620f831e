// The live map of one sea with its incidents. Without it the page shows the same
// map as the server drew it.
import Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import type Geometry from "ol/geom/Geometry";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import Cluster from "ol/source/Cluster";
import { transform } from "ol/proj";
import { boundingExtent, buffer, containsCoordinate, getCenter } from "ol/extent";
import Control from "ol/control/Control";
import { keepLook, lookOf } from "./mapaddress";
import { degrees, SeaMap, type SeaName } from "./mapbase";
import { statusWords, words } from "./mapwords";

/** Below this many px two symbols are one, with their number. */
const crowdPx = 22;

class RegionMap extends SeaMap {
  private readonly box: HTMLElement;
  private readonly incidents = new VectorSource<Feature<Geometry>>();
  private readonly uncertainty = new VectorSource<Feature<Geometry>>();
  private selected = "";
  private hovered = "";
  private allUncertainty = false;

  constructor(box: HTMLElement) {
    const target = document.createElement("div");
    target.className = "maplive";
    target.tabIndex = 0;
    // Not an application: the letters that are keys of the page stay so here.
    target.setAttribute("role", "region");
    target.setAttribute("aria-label", `Live map, ${document.querySelector("h1")?.textContent ?? ""}: arrow keys pan; the list beside it holds the same incidents`);
    box.append(target);
    super(target, { region: box.dataset["region"] ?? "", code: box.dataset["code"] ?? "ILOG:REGION", proj4: box.dataset["proj4"] ?? "", view: box.dataset["view"]?.split(",").map(Number) ?? [] });
    this.box = box;
    this.map.addControl(this.buttons());
    for (const [selector, key] of [[".ol-zoom-in", "+"], [".ol-zoom-out", "-"]] as const) {
      const button = target.querySelector<HTMLElement>(selector);
      if (!button) continue;
      button.dataset["key"] = key;
      button.setAttribute("aria-keyshortcuts", key);
    }
  }

  /** Loads what the map shows; only then it takes the place of the drawing. */
  async start(): Promise<void> {
    const names = JSON.parse(this.box.dataset["seas"] ?? "[]") as SeaName[];
    const [features] = await Promise.all([this.read(this.box.dataset["features"] ?? ""), this.loadGround(names)]);
    this.incidents.addFeatures(features.filter((f) => f.getGeometry()));
    this.layers.push(new VectorLayer({ source: this.uncertainty, style: (f) => this.styles.ring(f) }));
    this.layers.push(new VectorLayer({ source: this.incidents, style: (f) => this.styles.shape(f) }));
    const clusters = new Cluster<Feature<Geometry>>({ source: this.incidents, distance: crowdPx, geometryFunction: (f) => middle(f) });
    this.layers.push(new VectorLayer({ source: clusters, declutter: true, style: (f) => this.styles.symbol(members(f), this.selected, this.hovered) }));
    this.drawUncertainty();
    this.box.classList.add("live");
    this.show();
    this.goHome();
    this.goToAddress();
    this.labelDegrees();
    this.listen();
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

  private listen(): void {
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
      const symbols = document.querySelector(`[data-map-list] [data-id="${CSS.escape(idOf(f))}"] .syms`);
      if (symbols) line.append(symbols.cloneNode(true));
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
      this.uncertainty.addFeature(new Feature({ geometry: this.ring(at, metres), inferred: f.get("position_basis") === "inferred", chosen }));
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

const box = document.querySelector<HTMLElement>("[data-map]");
if (box) {
  new RegionMap(box).start().catch((error: unknown) => {
    // The drawing of the server stays in its place.
    box.classList.remove("live");
    box.querySelector(".maplive")?.remove();
    console.error("map", error);
  });
}
