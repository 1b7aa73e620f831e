// The look changes without loading the page again. The server keeps the choice
// in a cookie all the same; without a script the form does it all.
import { announce } from "./live";

/** Takes over the theme forms of the head. */
export function startThemes(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-theme-form]")) return;
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const box = form.closest("details.look");
    if (box?.contains(document.activeElement)) box.querySelector("summary")?.focus();
    box?.removeAttribute("open");
    void choose(form, button.value);
  });
}

/** The form that the page has, if any; a narrow page keeps a second one out of sight. */
function themeForm(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("[data-theme-form]");
}

/** Can the look be changed on this page? */
export function hasThemes(): boolean {
  return themeForm() !== null;
}

/** Brings the look after the one that is on, or on its way. */
export function nextTheme(): void {
  const form = themeForm();
  if (!form) return;
  const theme = after(namesOf(form), wanted ?? document.documentElement.dataset["theme"] ?? "");
  void choose(form, theme).then(() => announce(`${theme} theme`));
}

const namesOf = (form: HTMLFormElement): string[] => [...form.querySelectorAll<HTMLButtonElement>("button[name=theme]")].map((b) => b.value);

function after(names: string[], theme: string): string {
  return names[(names.indexOf(theme) + 1) % names.length] ?? theme;
}

/** The choice that is on its way to the server. */
let wanted: string | undefined;
/** Choices go out one after the other, so that the cookie ends as the page does. */
let last: Promise<void> = Promise.resolve();

/** Shown when it is kept, so that the next page, however soon, looks like this one. */
async function choose(form: HTMLFormElement, theme: string): Promise<void> {
  wanted = theme;
  last = last.then(() => keep(form, theme)).then(() => show(theme));
  await last;
  if (wanted === theme) wanted = undefined;
}

async function keep(form: HTMLFormElement, theme: string): Promise<void> {
  const body = new URLSearchParams({ theme, back: location.pathname + location.search });
  try {
    // The answer is a way back to this page, which is already here.
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: true });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
  } catch {
    announce("The theme is changed on this page only: the server did not answer.");
  }
}

function show(theme: string): void {
  document.documentElement.dataset["theme"] = theme;
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme === "day" ? "light" : "dark");
  for (const form of document.querySelectorAll<HTMLFormElement>("[data-theme-form]")) {
    const next = after(namesOf(form), theme);
    for (const b of form.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
      b.setAttribute("aria-pressed", String(b.value === theme));
      if (b.value === next) b.setAttribute("aria-keyshortcuts", "B");
      else b.removeAttribute("aria-keyshortcuts");
    }
  }
  const label = document.querySelector(`[data-theme-form] button[value="${CSS.escape(theme)}"] b`)?.textContent ?? theme;
  for (const el of document.querySelectorAll("[data-theme-name]")) el.textContent = label;
  // Drawn maps take their colours from the tokens and must draw again.
  document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
}
