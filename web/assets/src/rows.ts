// Moving through a list with j and k. The focus goes with the row, to its first
// link, so that Enter opens it and a screen reader says where one is; to its first
// button where it has no link.

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.getClientRects().length > 0);
}

/** The row one is at: the one with the focus, or the one last moved to. */
export function currentRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("[data-row]") ?? document.querySelector<HTMLElement>("[data-row].cur");
}

/** Goes down or up; from nowhere, to the first row. */
export function moveRow(step: 1 | -1): void {
  const list = rows();
  const here = currentRow();
  const at = here ? list.indexOf(here) : -1;
  const next = list[at < 0 ? 0 : at + step];
  if (!next) return;
  for (const row of list) row.classList.toggle("cur", row === next);
  const into = linkOf(next) ?? next.querySelector<HTMLElement>("button");
  if (into) into.focus();
  else next.scrollIntoView({ block: "nearest" });
}

/** Opens the current row. */
export function openRow(): void {
  const row = currentRow();
  if (row) linkOf(row)?.click();
}

function linkOf(row: HTMLElement): HTMLElement | null {
  return row.matches("a") ? row : row.querySelector<HTMLElement>("a[href]:not([data-key])") ?? row.querySelector<HTMLElement>("a[href]");
}
