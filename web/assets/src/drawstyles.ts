// How what is being drawn looks: in the colour of the one who draws it.
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";

/** The hand on the map, in the colours of one theme. */
export interface DrawStyles {
  /** The position that the field holds, when it is one point. */
  mark: Style[];
  /** The unfinished shape and its corners. */
  sketch: (f: FeatureLike) => Style;
  /** The cross hair of the arrow keys. */
  cross: Style[];
}

/** Reads the tokens and makes the styles of the theme that is on. */
export function drawStyles(): DrawStyles {
  const css = getComputedStyle(document.documentElement);
  const token = (name: string): string => css.getPropertyValue(`--${name}`).trim() || "#888";
  const you = token("you"), water = token("water");
  const corner = new Style({ image: new CircleStyle({ radius: 4, fill: new Fill({ color: you }), stroke: new Stroke({ color: water, width: 1 }) }) });
  const line = new Style({ stroke: new Stroke({ color: you, width: 2 }), fill: new Fill({ color: `${you}22` }) });
  const plus = (width: number, color: string): Style => new Style({ image: new RegularShape({ points: 4, radius: 16, radius2: 0, stroke: new Stroke({ color, width }) }) });
  return {
    mark: [
      new Style({ image: new CircleStyle({ radius: 9, stroke: new Stroke({ color: water, width: 5 }) }) }),
      new Style({ image: new CircleStyle({ radius: 9, stroke: new Stroke({ color: you, width: 2 }) }) }),
      new Style({ image: new CircleStyle({ radius: 2.5, fill: new Fill({ color: you }) }) }),
    ],
    sketch: (f) => (f.getGeometry()?.getType() === "Point" ? corner : line),
    cross: [plus(4, water), plus(1.5, you)],
  };
}
