// What was drawn as text for the field of a position, no finer than the hand
// that drew it: the last place written follows how far one has zoomed in.

/** What can be drawn. */
export type Shape = "point" | "track" | "area";

/** Metres to a degree of latitude, as the nautical mile has it. */
const degree = 60 * 1852;

/** How a number of degrees is written, from the coarsest form to the finest. */
interface Form {
  unit: number; // degrees of the last place
  write: (deg: number, width: number) => string;
}

const minutes = (places: number): Form => ({
  unit: 1 / 60 / 10 ** places,
  write: (deg, width) => {
    const per = 60 * 10 ** places;
    const n = Math.round(deg * per);
    const min = ((n % per) / 10 ** places).toFixed(places);
    return String(Math.floor(n / per)).padStart(width, "0") + min.padStart(places ? places + 3 : 2, "0");
  },
});

const decimals = (places: number): Form => ({
  unit: 1 / 10 ** places,
  write: (deg, width) => deg.toFixed(places).padStart(width + 1 + places, "0"),
});

const seconds: Form = {
  unit: 1 / 3600,
  write: (deg, width) => {
    const n = Math.round(deg * 3600);
    return [Math.floor(n / 3600), Math.floor(n / 60) % 60, n % 60].map((part, i) => String(part).padStart(i ? 2 : width, "0")).join("");
  },
};

const dm = [minutes(0), minutes(1), minutes(2)];
const dd = [decimals(1), decimals(2), decimals(3), decimals(4)];

/** A grid reference is not written here: decimal degrees stand in for it. */
const notations: Record<string, Form[]> = { dm, dd, dms: [minutes(0), seconds], mgrs: dd, utm: dd, georef: dd };

/** The coarsest form whose rounding stays within what the hand could aim at. */
function formFor(notation: string, metres: number): Form {
  const forms = notations[notation] ?? dm;
  return forms.find((f) => (f.unit / 2) * degree <= metres) ?? forms[forms.length - 1]!;
}

/** One position: longitude and latitude in degrees, aimed at within so many metres. */
export function pointText([lon = 0, lat = 0]: number[], notation: string, metres: number): string {
  const { write } = formFor(notation, metres);
  const east = ((((lon + 180) % 360) + 360) % 360) - 180;
  return `${write(Math.abs(lat), 2)}${lat < 0 ? "S" : "N"} ${write(Math.abs(east), 3)}${east < 0 ? "W" : "E"}`;
}

/** A shape as the field takes it. Corners that read alike are one; an area is closed. */
export function shapeText(shape: Shape, corners: number[][], notation: string, metres: number): string {
  const texts = corners.map((c) => pointText(c, notation, metres)).filter((text, i, all) => text !== all[i - 1]);
  const first = texts[0] ?? "";
  if (shape === "point") return first;
  if (shape === "track") return texts.join(" → ");
  return `area ${(texts[texts.length - 1] === first ? texts : [...texts, first]).join("; ")}`;
}

/** How well a drawn position is known, nautical miles, rounded so that it never claims more. */
export function withinText(notation: string, metres: number): string {
  const nm = Math.max(metres, (formFor(notation, metres).unit / 2) * degree) / 1852;
  const places = nm >= 1 ? 0 : nm >= 0.1 ? 1 : 2;
  return String(Math.ceil(nm * 10 ** places - 1e-9) / 10 ** places);
}
