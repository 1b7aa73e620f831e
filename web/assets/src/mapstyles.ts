// How the map looks: shapes for severity, frames for status, words for places.
// Colours are read from the tokens, so that each theme has its own.
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";

/** Everything that the map draws, in the colours of one theme. */
export interface Styles {
  land: Style;
  band: Style;
  outline: Style;
  grid: (label: string) => Style;
  place: (f: FeatureLike, resolution: number) => Style | undefined;
  ring: (f: FeatureLike) => Style[];
  shape: (f: FeatureLike) => Style | Style[] | undefined;
  symbol: (members: FeatureLike[], selected: string) => Style[];
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
  return {
    land: new Style({ fill: new Fill({ color: token("land") }), stroke: new Stroke({ color: token("coast"), width: 0.8 }) }),
    band: line(token("zone"), 1.2, [8, 4, 2, 4]),
    outline: line(ink3, 1, [2, 3]),
    grid: (text) => {
      const style = line(token("grat"), 1);
      const t = label(text, `12px ${mono}`, ink3, water);
      t.setPlacement("line");
      style.setText(t);
      return style;
    },
    place: (f, resolution) => placeStyle(f, resolution, (text) => label(text, `12px ${face}`, ink2, token("land")), ink3),
    ring: (f) => {
      const color = f.get("chosen") ? you : ink2;
      return [new Style({ stroke: new Stroke({ color, width: 1.25, lineDash: f.get("inferred") ? [2, 3] : [6, 3] }), fill: new Fill({ color: f.get("chosen") ? `${you}12` : "#0000" }) })];
    },
    shape: (f) => (f.getGeometry()?.getType() === "Point" ? undefined : line(ink, 1.5, [6, 3])),
    symbol: (members, selected) => symbolOf(members, selected, { ink, you, water, due: token("due"), late: token("late"), onLate: token("on-late"), mono }),
  };
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
  you: string;
  water: string;
  due: string;
  late: string;
  onLate: string;
  mono: string;
}

/** The symbol of one incident, or the worst of several with their number. */
function symbolOf(members: FeatureLike[], selected: string, c: Inks): Style[] {
  const worst = members.reduce((a, b) => (severities.indexOf(String(b.get("severity"))) > severities.indexOf(String(a.get("severity"))) ? b : a));
  const frame = members.map(frameOf).sort().at(0) ?? "";
  const color = frame.startsWith("0") ? c.onLate : frame.startsWith("1") ? c.late : frame.startsWith("2") ? c.due : c.ink;
  const out = [...frameStyles(frame, c), ...glyph(String(worst.get("severity")), color, frame.startsWith("0") ? c.late : c.water)];
  if (members.some((f) => Number(f.get("contacts_through")) > 0)) out.push(bar(c.ink));
  if (members.some((f) => String(f.getId()) === selected)) out.push(new Style({ image: new CircleStyle({ radius: 14, stroke: new Stroke({ color: c.you, width: 2 }) }) }));
  if (members.length > 1) {
    out.push(new Style({ text: new Text({ text: String(members.length), font: `700 12px ${c.mono}`, offsetX: 16, offsetY: -8, fill: new Fill({ color: c.ink }), stroke: new Stroke({ color: c.water, width: 3 }) }) }));
  }
  return out;
}

/** Late, tried, due or none: only while somebody may still have to act. */
function frameOf(f: FeatureLike): string {
  if (f.get("absence") !== "own_log" || f.get("late_entry") === true) return "9";
  const status = String(f.get("deescalation"));
  if (status === "overdue") return f.get("deescalation_best") === "awaiting" ? "2 due" : "0 late";
  return status === "attempted" ? "1 tried" : status === "awaiting" ? "2 due" : "9";
}

function frameStyles(frame: string, c: Inks): Style[] {
  const square = (fill: string, stroke: string, lineDash?: number[]): Style => {
    const line = lineDash ? { color: stroke, width: 2, lineDash } : { color: stroke, width: 2 };
    return new Style({ image: new RegularShape({ points: 4, radius: 15.5, angle: Math.PI / 4, fill: new Fill({ color: fill }), stroke: new Stroke(line) }) });
  };
  if (frame.startsWith("0")) return [square(c.late, c.late)];
  if (frame.startsWith("1")) return [square(c.water, c.late, [4, 2])];
  if (frame.startsWith("2")) return [square(c.water, c.due)];
  return [new Style({ image: new CircleStyle({ radius: 9, fill: new Fill({ color: c.water }) }) })];
}

/** Filled triangle, half-filled diamond, open ring: told apart without colour. */
function glyph(severity: string, color: string, ground: string): Style[] {
  const fill = new Fill({ color }), stroke = new Stroke({ color, width: 1.6 });
  if (severity === "high_risk") {
    return [
      new Style({ image: new RegularShape({ points: 3, radius: 9, fill, displacement: [0, -1.5] }) }),
      new Style({ image: new RegularShape({ points: 4, radius: 4, angle: Math.PI / 4, scale: [0.35, 1], fill: new Fill({ color: ground }), displacement: [0, -2] }) }),
    ];
  }
  if (severity === "serious") {
    return [
      new Style({ image: new RegularShape({ points: 4, radius: 8, stroke, fill: new Fill({ color: ground }) }) }),
      new Style({ image: new RegularShape({ points: 3, radius: 9.2, rotation: Math.PI, scale: [1, 0.577], fill, displacement: [0, 2.7] }) }),
    ];
  }
  return [new Style({ image: new CircleStyle({ radius: 5.5, stroke: new Stroke({ color, width: 2 }), fill: new Fill({ color: ground }) }) })];
}

/** A bar under the symbol: a call got through. */
function bar(color: string): Style {
  return new Style({ image: new RegularShape({ points: 4, radius: 11, angle: Math.PI / 4, scale: [1, 0.12], fill: new Fill({ color }), displacement: [0, -13] }) });
}
