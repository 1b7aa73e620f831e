// One sea on which a position is drawn, by mouse, by finger, or by arrow keys
// and Enter. It knows nothing of the form: what is drawn goes to its owner.
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import type Geometry from "ol/geom/Geometry";
import type { Coordinate } from "ol/coordinate";
import { buffer, containsExtent, createEmpty, extend, getCenter, containsCoordinate } from "ol/extent";
import VectorLayer from "ol/layer/Vector";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { transform } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { drawStyles } from "./drawstyles";
import { degrees, SeaMap, type Sea, type SeaName } from "./mapbase";
import type { Shape } from "./positiontext";

/** How near to a px a hand hits, in px; a corner set twice within twice of that ends the shape. */
const aim = { mouse: 3, touch: 8 };

/** The coastline is no finer than this, metres a px: looking closer shows nothing more. */
const finest = 5;

/** What the one who shows the chart is told. Positions are longitude and latitude. */
export interface Owner {
  drawn(shape: Shape, corners: number[][], metres: number): void;
  /** How many corners the unfinished shape has. */
  unfinished(corners: number): void;
  /** Where the hand is; keyed when the arrow keys moved it. */
  at(position: number[], metres: number, keyed: boolean): void;
  say(text: string): void;
}

/** The GeoJSON of a reading. */
export interface Place {
  geometry: object;
  uncertaintyNM: number;
}

/** A sea with what is drawn on it. */
export class DrawChart extends SeaMap {
  private readonly owner: Owner;
  private readonly reading = new VectorSource<Feature<Geometry>>();
  private readonly ringed = new VectorSource<Feature<Geometry>>();
  private readonly sketch = new VectorSource<Feature<Geometry>>();
  private readonly hand = new VectorSource<Feature<Geometry>>();
  private shape: Shape = "point";
  private corners: Coordinate[] = [];
  private cross: Coordinate | undefined;
  private pointer: Coordinate | undefined;
  private own = drawStyles();

  constructor(target: HTMLElement, sea: Sea, owner: Owner) {
    super(target, sea, { interactions: { keyboard: false, doubleClickZoom: false }, minResolution: finest });
    this.owner = owner;
  }

  /** Loads the sea and shows it whole. */
  async start(names: SeaName[]): Promise<void> {
    await this.loadGround(names);
    this.layers.push(new VectorLayer({ source: this.ringed, style: (f) => this.styles.ring(f) }));
    this.layers.push(new VectorLayer({ source: this.reading, style: (f) => (f.getGeometry()?.getType() === "Point" ? this.own.mark : this.styles.shape(f)) }));
    this.layers.push(new VectorLayer({ source: this.sketch, style: (f) => this.own.sketch(f) }));
    this.layers.push(new VectorLayer({ source: this.hand, style: () => this.own.cross }));
    this.show();
    this.goHome();
    this.labelDegrees();
    this.map.on("click", (event) => this.press(event as MapBrowserEvent<PointerEvent>));
    this.map.on("pointermove", (event) => {
      if (event.dragging || touched(event as MapBrowserEvent<PointerEvent>)) return;
      this.pointer = event.coordinate;
      this.drawSketch();
      this.owner.at(this.degreesOf(event.coordinate), this.metres(aim.mouse), false);
    });
  }

  /** Draws another kind of shape from now on. */
  use(shape: Shape): void {
    this.shape = shape;
    this.takeBack();
  }

  /** Shows the position that the field holds, and looks at it if it is out of sight. */
  place(place: Place | null, look: boolean): void {
    this.reading.clear();
    this.ringed.clear();
    this.owner.unfinished(this.corners.length);
    if (!place) return;
    const geometry = new GeoJSON().readGeometry(place.geometry, { dataProjection: degrees, featureProjection: this.code }) as Geometry;
    this.reading.addFeature(new Feature<Geometry>({ geometry }));
    const metres = place.uncertaintyNM * 1852;
    if (geometry instanceof Point) {
      this.cross = geometry.getCoordinates();
      if (metres > 0) this.ringed.addFeature(new Feature<Geometry>({ geometry: this.ring(this.cross, metres), chosen: true }));
      if (this.hand.getFeatures().length > 0) this.showCross();
    }
    if (look) this.lookAt(geometry);
  }

  /** Shows the cross hair while the keyboard is here. */
  showCross(): void {
    const extent = this.map.getView().calculateExtent(this.map.getSize());
    if (!this.cross || !containsCoordinate(extent, this.cross)) this.cross = getCenter(extent);
    this.hand.clear();
    this.hand.addFeature(new Feature<Geometry>(new Point(this.cross)));
  }

  hideCross(): void {
    this.hand.clear();
  }

  /** Moves the cross hair by px, and the map with it where it would leave. */
  move(right: number, down: number): void {
    this.showCross();
    const view = this.map.getView();
    const resolution = view.getResolution() ?? 1;
    const [x = 0, y = 0] = this.cross ?? [];
    this.cross = [x + right * resolution, y - down * resolution];
    this.pointer = undefined;
    const inner = buffer(view.calculateExtent(this.map.getSize()), -24 * resolution);
    const [cx = 0, cy = 0] = view.getCenter() ?? [];
    if (!containsCoordinate(inner, this.cross)) view.setCenter([cx + right * resolution, cy - down * resolution]);
    this.showCross();
    this.drawSketch();
    this.owner.at(this.degreesOf(this.cross), this.metres(aim.mouse), true);
  }

  /** Looks closer, or from farther away, with the cross hair where it is. */
  zoom(by: number): void {
    this.showCross();
    this.map.getView().adjustZoom(by, this.cross);
    if (this.cross) this.owner.at(this.degreesOf(this.cross), this.metres(aim.mouse), true);
  }

  /** Sets a corner at the cross hair. */
  enter(): void {
    this.showCross();
    if (this.cross) this.set(this.cross, aim.mouse);
  }

  /** Takes back the last corner. */
  undo(): void {
    this.corners.pop();
    this.changed();
  }

  /** Takes back all that is unfinished; false if nothing was. */
  takeBack(): boolean {
    const some = this.corners.length > 0;
    this.corners = [];
    this.changed();
    return some;
  }

  /** Ends the shape, if it has enough corners. */
  finish(hand: number = aim.mouse): void {
    const least = this.shape === "area" ? 3 : 2;
    if (this.corners.length < least) {
      this.owner.say(this.shape === "area" ? "An area takes at least three corners." : "A track takes at least two positions.");
      return;
    }
    const corners = this.corners;
    this.takeBack();
    this.owner.drawn(this.shape, corners.map((c) => this.degreesOf(c)), this.metres(hand));
  }

  protected override repaint(): void {
    this.own = drawStyles();
    super.repaint();
  }

  private press(event: MapBrowserEvent<PointerEvent>): void {
    this.map.getTargetElement()?.focus({ preventScroll: true });
    this.pointer = undefined;
    this.hideCross(); // the hand is the mouse or the finger
    this.set(event.coordinate, touched(event) ? aim.touch : aim.mouse);
  }

  /** Sets a corner; the last one again, or the first one of an area, ends the shape. */
  private set(at: Coordinate, hand: number): void {
    this.cross = at;
    if (this.shape === "point") {
      this.owner.drawn("point", [this.degreesOf(at)], this.metres(hand));
      return;
    }
    const first = this.corners[0], last = this.corners[this.corners.length - 1];
    const closes = this.shape === "area" && this.corners.length > 2 && first !== undefined && this.near(first, at, hand);
    if (closes || (last && this.near(last, at, hand))) {
      this.finish(hand);
      return;
    }
    this.corners.push(at);
    this.changed();
  }

  private near(a: Coordinate, b: Coordinate, hand: number): boolean {
    return Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0)) <= this.metres(2 * hand);
  }

  private changed(): void {
    this.drawSketch();
    this.owner.unfinished(this.corners.length);
  }

  /** Draws the corners that are set, and the line to the hand. */
  private drawSketch(): void {
    this.sketch.clear();
    if (this.corners.length === 0) return;
    const path = [...this.corners, this.pointer ?? this.cross ?? this.corners[0]!];
    const closed = this.shape === "area" && path.length > 2;
    this.sketch.addFeature(new Feature<Geometry>(closed ? new Polygon([[...path, path[0]!]]) : new LineString(path)));
    for (const c of this.corners) this.sketch.addFeature(new Feature<Geometry>(new Point(c)));
  }

  private lookAt(geometry: Geometry): void {
    const view = this.map.getView();
    const extent = extend(extend(createEmpty(), geometry.getExtent()), this.ringed.isEmpty() ? geometry.getExtent() : this.ringed.getExtent()!);
    if (containsExtent(view.calculateExtent(this.map.getSize()), extent)) return;
    view.fit(buffer(extent, 80_000), { size: this.map.getSize() ?? [800, 400] });
    if (!containsCoordinate(view.calculateExtent(this.map.getSize()), getCenter(extent))) this.owner.say("The position lies outside this map.");
  }

  /** So many px on the ground here. */
  private metres(px: number): number {
    return px * (this.map.getView().getResolution() ?? 1);
  }

  private degreesOf(at: Coordinate): number[] {
    return transform(at, this.code, degrees);
  }
}

const touched = (event: MapBrowserEvent<PointerEvent>): boolean => event.originalEvent.pointerType === "touch";
