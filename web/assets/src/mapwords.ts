// Words for the codes on the card of the map, as the pages have them.

/** "near_routine" is "Near-routine", "high_risk" is "High risk". */
export function words(code: unknown): string {
  if (typeof code !== "string" || code === "") return "";
  if (code === "near_routine") return "Near-routine";
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A status that hangs on unknown hours is said both ways. */
export function statusWords(best: unknown, worst: unknown): string {
  if (best === worst || words(best) === "") return words(worst);
  return `At best ${words(best).toLowerCase()}, at worst ${words(worst).toLowerCase()}`;
}
