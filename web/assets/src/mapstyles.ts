// How the map looks: shapes for severity, frames for status, words for places.
// Colours are read from the tokens, so that each theme has its own.
import type { FeatureLike } from "ol/Feature";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Icon from "ol/style/Icon";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";

/** Everything that the map draws, in the colours of one theme. */
export interface Styles {
  land: Style;
  band: Style;
  outline: Style;
  grid: Style;
  degree: (text: string, atFoot: boolean) => Style;
  place: (f: FeatureLike, resolution: number) => Style | undefined;
  ring: (f: FeatureLike) => Style[];
  shape: (f: FeatureLike) => Style | Style[] | undefined;
  sea: (name: string) => Style;
  symbol: (members: FeatureLike[], selected: string, hovered: string) => Style[];
}

const severities = ["near_routine", "serious", "high_risk"];

/** Reads the tokens and makes the styles of the theme that is on. */
export function mapStyles(): Styles {
  const css = getComputedStyle(document.documentElement);
  const token = (name: string): string => css.getPropertyValue(`--${name}`).trim() || "#888";
  const ink = token("ink"), ink2 = token("ink-2"), ink3 = token("ink-3"), you = token("you"), water = token("water");
  const face = token("face"), mono = token("mono");
  const line = (color: string, width: number, lineDash?: number[]): Style => new Style({ stroke: new Stroke(lineDash ? { color, width, lineDash } : { color, width }) });
  const label = (text: string, font: string, color: string, halo: string): Text => new Text({ text, font, fill: new Fill({ color }), stroke: new Stroke({ color: halo, width: 3 }) });
  const inks: Inks = { ink, ink2, you, water, due: token("due"), late: token("late"), onLate: token("on-late"), mono, pictures: new Map() };
  const area = hatch(ink2);
  return {
    land: new Style({ fill: new Fill({ color: token("land") }), stroke: new Stroke({ color: token("coast"), width: 0.8 }) }),
    band: line(token("zone"), 1.2, [8, 4, 2, 4]),
    outline: line(ink3, 1, [2, 3]),
    grid: line(token("grat"), 1),
    degree: (text, atFoot) => {
      const t = label(text, `12px ${mono}`, ink3, water);
      t.setTextAlign(atFoot ? "center" : "left");
      return new Style({ text: t });
    },
    place: (f, resolution) => placeStyle(f, resolution, (text) => label(text, `12px ${face}`, ink2, token("land")), ink3),
    ring: (f) => {
      const color = f.get("chosen") ? you : ink2;
      return [new Style({ stroke: new Stroke({ color, width: 1.25, lineDash: f.get("inferred") ? [2, 3] : [6, 3] }), fill: new Fill({ color: f.get("chosen") ? `${you}12` : "#0000" }) })];
    },
    shape: (f) => shapeStyle(f, ink, line, area),
    sea: (name) => new Style({ text: label(name, `italic 12px ${face}`, ink3, water) }),
    symbol: (members, selected, hovered) => symbolOf(members, selected, hovered, inks),
  };
}

/** A track is dashed and has its arrow where it ends; an area is hatched. */
function shapeStyle(f: FeatureLike, ink: string, line: (color: string, width: number, dash: number[]) => Style, area: CanvasPattern | string): Style[] | undefined {
  const g = f.getGeometry();
  if (!g || g.getType() === "Point") return undefined;
  const style = line(ink, 1.5, [6, 3]);
  if (!(g instanceof LineString)) {
    style.setFill(new Fill({ color: area }));
    return [style];
  }
  const [from = [0, 0], tip = [0, 0]] = g.getCoordinates().slice(-2);
  const rotation = Math.atan2((tip[0] ?? 0) - (from[0] ?? 0), (tip[1] ?? 0) - (from[1] ?? 0));
  const head = new RegularShape({ points: 3, radius: 7, rotation, rotateWithView: true, fill: new Fill({ color: ink }) });
  return [style, new Style({ geometry: new Point(tip), image: head })];
}

/** The farther one looks from, the fewer places have a name. */
function placeStyle(f: FeatureLike, resolution: number, text: (s: string) => Text, color: string): Style | undefined {
  const kind = String(f.get("kind"));
  if (resolution > 2500 && kind !== "city" && kind !== "air_base") return undefined;
  const t = text(String(f.get("name")));
  t.setTextAlign("left");
  t.setOffsetX(6);
  const image = kind === "air_base" ? new RegularShape({ points: 4, radius: 4, radius2: 0, stroke: new Stroke({ color, width: 1.2 }) }) : new CircleStyle({ radius: 2, fill: new Fill({ color }) });
  return new Style({ image, text: t });
}

interface Inks {
  ink: string;
  ink2: string;
  you: string;
  water: string;
  due: string;
  late: string;
  onLate: string;
  mono: string;
  pictures: Map<string, HTMLCanvasElement>;
}

/** The symbol of one incident, or the worst of several with their number. */
function symbolOf(members: FeatureLike[], selected: string, hovered: string, c: Inks): Style[] {
  const worst = members.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const frames = members.map(frameOf);
  const frame = frameOrder.find((f) => frames.includes(f)) ?? "";
  const under = members.length === 1 ? underOf(worst) : "";
  const picture = pictureOf(String(worst.get("severity")), frame, under, c);
  const out: Style[] = [];
  if (members.every((f) => f.get("position_basis") === "inferred")) out.push(ringOf(13, c.ink2, 1.2, [2, 3]));
  out.push(new Style({ image: new Icon({ img: picture, scale: 1 / sharp, declutterMode: "obstacle" }) }));
  if (members.some((f) => String(f.getId()) === hovered)) out.push(ringOf(16, c.you, 1.25));
  if (members.some((f) => String(f.getId()) === selected)) out.push(ringOf(16, c.you, 2.5));
  if (members.length > 1) {
    out.push(new Style({ text: new Text({ text: String(members.length), font: `700 12px ${c.mono}`, declutterMode: "none", offsetX: 17, offsetY: -9, fill: new Fill({ color: c.ink }), stroke: new Stroke({ color: c.water, width: 3 }) }) }));
  }
  return out;
}

const rank = (f: FeatureLike): number => severities.indexOf(String(f.get("severity")));

function ringOf(radius: number, color: string, width: number, lineDash?: number[]): Style {
  return new Style({ image: new CircleStyle({ radius, declutterMode: "none", stroke: new Stroke(lineDash ? { color, width, lineDash } : { color, width }) }) });
}

/** Of several in one symbol the frame that asks for most is shown. */
const frameOrder = ["late", "tried", "due", "vain"];

/** Who waits, as the drawing of the server shows it (frameOf in web/regions.go). */
function frameOf(f: FeatureLike): string {
  const worst = String(f.get("deescalation_worst"));
  const open = f.get("open") === true;
  if (open && f.get("deescalation_best") === "awaiting") return "due";
  if (worst === "attempted") return open ? "tried" : "vain";
  return open && worst === "overdue" ? "late" : "";
}

/** The bar under a symbol: whole for a call in time, broken for a late one, dots where the sources are silent. */
function underOf(f: FeatureLike): string {
  const worst = String(f.get("deescalation_worst"));
  return worst in bars ? worst : "";
}

const bars: Record<string, number[][]> = { followed: [[0, 16]], followed_late: [[0, 6], [10, 16]], not_known: [[2, 4], [7, 9], [12, 14]] };

/** Canvas px a px of the page, so that symbols stay sharp when a screen is dense. */
const sharp = 2;
const side = 30;

/** Draws frame, sign and bar once for all that look alike. */
function pictureOf(severity: string, frame: string, under: string, c: Inks): HTMLCanvasElement {
  const key = [severity, frame, under].join();
  const known = c.pictures.get(key);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * sharp;
  const ctx = canvas.getContext("2d");
  if (ctx) {
    ctx.scale(sharp, sharp);
    drawFrame(ctx, frame, c);
    ctx.translate(side / 2 - 8, side / 2 - 8);
    drawSign(ctx, severity, { late: c.onLate, tried: c.late, due: c.due }[frame] ?? c.ink);
    ctx.fillStyle = c.ink;
    for (const [from = 0, to = 0] of bars[under] ?? []) ctx.fillRect(from, 18, to - from, 2);
  }
  c.pictures.set(key, canvas);
  return canvas;
}

function drawFrame(ctx: CanvasRenderingContext2D, frame: string, c: Inks): void {
  ctx.fillStyle = frame === "late" ? c.late : c.water;
  if (frame === "") {
    ctx.beginPath();
    ctx.arc(side / 2, side / 2, 9, 0, 2 * Math.PI);
    ctx.fill();
    return;
  }
  ctx.fillRect(4, 4, 22, 22);
  if (frame === "late") return;
  ctx.strokeStyle = { tried: c.late, due: c.due }[frame] ?? c.ink2;
  ctx.lineWidth = frame === "vain" ? 1 : 2;
  ctx.setLineDash(frame === "due" ? [] : [4, 2]);
  ctx.strokeRect(4, 4, 22, 22);
  ctx.setLineDash([]);
}

/** The signs are those of the page's sprite, so that there is one drawing of each. */
function drawSign(ctx: CanvasRenderingContext2D, severity: string, color: string): void {
  ctx.fillStyle = ctx.strokeStyle = color;
  for (const part of document.getElementById(`sev-${severity}`)?.children ?? []) {
    const path = new Path2D(part.getAttribute("d") ?? "");
    const number = (name: string): number => Number(part.getAttribute(name));
    if (part.localName === "circle") path.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
    if (part.getAttribute("fill") !== "none") ctx.fill(path, "evenodd");
    if (!part.hasAttribute("stroke")) continue;
    ctx.lineWidth = number("stroke-width");
    ctx.stroke(path);
  }
}

/** The hatch of an area, drawn once a theme. */
function hatch(color: string): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const ctx = canvas.getContext("2d");
  if (!ctx) return "#0000";
  ctx.strokeStyle = color;
  ctx.globalAlpha = 0.35;
  for (const x of [-8, 0, 8]) {
    ctx.moveTo(x, 8);
    ctx.lineTo(x + 8, 0);
  }
  ctx.stroke();
  return ctx.createPattern(canvas, "repeat") ?? "#0000";
}
