// Where one looks stands behind the # of the address, so that it can be sent to
// a colleague, and outlives a change of the filter.

/** The middle of what is seen, in degrees, and how many metres a px is. */
export interface Look {
  lat: number;
  lon: number;
  resolution: number;
}

/** Reads the look in the address; null where there is none that makes sense. */
export function lookOf(hash: string): Look | null {
  const [lat = NaN, lon = NaN, resolution = NaN, ...more] = (/^#at=(.+)$/.exec(hash)?.[1] ?? "").split(",").map(Number);
  if (more.length > 0 || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180) || !(resolution > 0) || !Number.isFinite(resolution)) return null;
  return { lat, lon, resolution };
}

/** Writes the look into the address and the filters, without a step in the history; null takes it out. */
export function keepLook(look: Look | null): void {
  const hash = look ? `#at=${look.lat.toFixed(3)},${look.lon.toFixed(3)},${look.resolution.toPrecision(4)}` : "";
  history.replaceState(history.state, "", location.pathname + location.search + hash);
  const form = document.querySelector<HTMLFormElement>("[data-filters]");
  if (form) form.action = location.pathname + hash;
}
