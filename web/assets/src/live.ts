// One place where screen readers hear what changed by itself.

/** Says a sentence once. */
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}
