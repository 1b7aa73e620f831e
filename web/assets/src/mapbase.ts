// The map of one sea in its own projection: land, regions, names, degrees, and
// the hands to move it. The pages that show a map add to it what they are for.
// Everything comes from this server; colours are the page's own tokens, read
// anew when the theme changes.
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
import type Control from "ol/control/Control";
import ScaleLine from "ol/control/ScaleLine";
import { defaults as defaultControls } from "ol/control/defaults";
import type { Coordinate } from "ol/coordinate";
import { buffer } from "ol/extent";
import type { Extent } from "ol/extent";
import DragPan from "ol/interaction/DragPan";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom";
import { defaults as defaultInteractions, type DefaultsOptions } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import { get as projectionOf, transform, transformExtent } from "ol/proj";
import { register } from "ol/proj/proj4";
import VectorSource from "ol/source/Vector";
import proj4 from "proj4";
import { mapStyles, type Styles } from "./mapstyles";

/** Longitude and latitude, as everything that the server sends. */
export const degrees = "EPSG:4326";

/** A sea as the server describes it; the view is west, south, east and north. */
export interface Sea {
  region: string;
  code: string;
  proj4: string;
  view: number[];
}

/** The name of a water and where to write it. */
export interface SeaName {
  name: string;
  lon: number;
  lat: number;
}

type StyleOf = (f: FeatureLike, resolution: number) => ReturnType<Styles["shape"]>;

/** What differs between the maps of a sea. */
export interface Hands {
  controls?: Control[];
  interactions?: DefaultsOptions;
  minResolution?: number;
}

/** A sea that can be looked at. */
export class SeaMap {
  protected readonly map: OlMap;
  protected readonly sea: Sea;
  protected readonly code: string;
  protected readonly extent: Extent;
  protected readonly layers: VectorLayer[] = [];
  protected styles = mapStyles();
  private readonly degreeLabels = new VectorSource<Feature<Geometry>>();
  private readonly gone = new AbortController();

  constructor(target: HTMLElement, sea: Sea, { controls = [], interactions = {}, minResolution }: Hands = {}) {
    this.sea = sea;
    this.code = sea.code;
    proj4.defs(this.code, sea.proj4);
    register(proj4);
    const projection = projectionOf(this.code);
    if (!projection) throw new Error(`no projection ${this.code}`);
    this.extent = transformExtent(sea.view, degrees, this.code, 8);
    projection.setExtent(buffer(this.extent, 1_500_000));
    this.map = new OlMap({
      target,
      view: new View({ projection, extent: buffer(this.extent, 800_000), constrainOnlyCenter: true, showFullExtent: true, ...(minResolution && { minResolution }) }),
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, dragPan: false, mouseWheelZoom: false, ...interactions }).extend([twoFingers(), new MouseWheelZoom({ onFocusOnly: true })]),
      controls: defaultControls({ attribution: false, rotate: false }).extend([new ScaleLine({ units: "nautical" }), ...controls]),
    });
    document.addEventListener("themechange", () => this.repaint(), { signal: this.gone.signal });
  }

  /** Takes the map out of its place. */
  dispose(): void {
    this.gone.abort();
    this.map.setTarget(undefined);
  }

  /** Looks at the whole sea. */
  goHome(): void {
    this.map.getView().fit(this.extent, { size: this.map.getSize() ?? [800, 600] });
  }

  /** Loads what lies under the map's own things; show adds it all to the map. */
  protected async loadGround(names: SeaName[]): Promise<void> {
    const [land, bands, regions, places] = await Promise.all([this.read("/geo/land.json"), this.read("/geo/territorial.json"), this.read("/geo/regions.json"), this.read("/geo/places.json")]);
    const { region } = this.sea;
    this.layer(land, () => this.styles.land);
    this.layer(graticule(this.code, this.step()), () => this.styles.grid);
    this.layer(bands.filter((f) => f.get("region") === region), () => this.styles.band);
    this.layer(regions.filter((f) => f.getId() === region), () => this.styles.outline);
    this.layer(places.filter((f) => f.get("region") === region), (f, resolution) => this.styles.place(f, resolution), true, (a, b) => importance(b) - importance(a));
    this.layers.push(new VectorLayer({ source: this.degreeLabels, style: (f) => this.styles.degree(String(f.get("text")), f.get("axis") === 0), updateWhileInteracting: true, updateWhileAnimating: true }));
    this.layer(this.seaNames(names), (f) => this.styles.sea(String(f.get("name"))), true);
  }

  /** Shows the layers, in the order in which they were made. */
  protected show(): void {
    for (const l of this.layers) this.map.addLayer(l);
    this.map.updateSize();
    this.map.getView().on("change", () => this.labelDegrees());
    this.map.on("change:size", () => this.labelDegrees());
  }

  protected async read(address: string): Promise<Feature<Geometry>[]> {
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

  protected layer(features: Feature<Geometry>[], style: StyleOf, declutter = false, renderOrder?: (a: FeatureLike, b: FeatureLike) => number): void {
    this.layers.push(new VectorLayer({ source: new VectorSource({ features }), style, declutter, ...(renderOrder && { renderOrder }) }));
  }

  /** A circle at its true size. On the sphere of OpenLayers it is off by less than 0.6 %. */
  protected ring(at: Coordinate, metres: number): Geometry {
    return circular(transform(at, this.code, degrees), metres, 96).transform(degrees, this.code);
  }

  /** Writes the degrees where the graticule crosses the left and the lower edge, wherever one looks. */
  protected labelDegrees(): void {
    const [width = 0, height = 0] = this.map.getSize() ?? [];
    const [left = 0, bottom = 0, right = 0, top = 0] = this.map.getView().calculateExtent([width, height]);
    const inset = (this.map.getView().getResolution() ?? 1) * 4;
    const edges: [number, number[], number[]][] = [[0, [left + inset, bottom + 6 * inset], [right, bottom + 6 * inset]], [1, [left + inset, bottom], [left + inset, top]]];
    this.degreeLabels.clear();
    for (const [axis, from, to] of edges) this.degreeLabels.addFeatures(crossings(this.code, this.step(), axis, from, to));
  }

  protected repaint(): void {
    this.styles = mapStyles();
    for (const l of this.layers) l.changed();
  }

  /** Degrees between the lines of the graticule of this sea. */
  private step(): number {
    const [, south = 0, , north = 0] = this.sea.view;
    return north - south > 12 ? 5 : 2;
  }

  private seaNames(names: SeaName[]): Feature<Geometry>[] {
    return names.map((s) => new Feature<Geometry>({ geometry: new Point(transform([s.lon, s.lat], degrees, this.code)), name: s.name }));
  }
}

/** On a touch screen one finger scrolls the page and two move the map. */
function twoFingers(): DragPan {
  const pan: DragPan = new DragPan({ condition: (event) => (event.originalEvent instanceof PointerEvent && event.originalEvent.pointerType !== "touch") || pan.getPointerCount() > 1 });
  return pan;
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
