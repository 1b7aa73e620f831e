// Forms: sent once, sent by Ctrl+Enter, and segments that answer to letters.

/** How long a form stays shut when no answer comes, in milliseconds. */
const shut = 10_000;

const sent = new WeakMap<HTMLFormElement, number>();

/** Guards every form that writes and gives segments their letters. */
export function startForms(): void {
  document.addEventListener("submit", guard);
  document.addEventListener("keydown", letters);
  // A page that comes back from the history may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) open(form);
  });
}

/**
 * Refuses the second of two quick clicks. The buttons are only marked, not
 * disabled: a disabled button would take its name out of what is sent.
 */
function guard(event: SubmitEvent): void {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.target === "_blank") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.set(form, window.setTimeout(() => open(form), shut));
  for (const b of buttons(form)) b.setAttribute("aria-disabled", "true");
}

function open(form: HTMLFormElement): void {
  window.clearTimeout(sent.get(form));
  sent.delete(form);
  for (const b of buttons(form)) b.removeAttribute("aria-disabled");
}

function buttons(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("button[type=submit], button:not([type])")];
}

/** Sends the form around an element by its main button, or else as Enter would, checks of the browser included. */
export function sendFormOf(el: Element): boolean {
  const form = el.closest("form");
  if (!form || form.method !== "post") return false;
  form.requestSubmit(form.querySelector<HTMLElement>("[data-main]"));
  return true;
}

/** In a segment, a letter picks the choice that begins with it: y, n, u on a flag. */
function letters(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  if (!(event.target instanceof Element)) return;
  const key = event.key.toLowerCase();
  const segment = event.target.closest("[data-segment]");
  if (!segment) {
    toTick(event, key);
    return;
  }
  for (const label of segment.querySelectorAll("label")) {
    const input = label.querySelector<HTMLInputElement>("input[type=radio]");
    if (!input || input.disabled || !label.textContent?.trim().toLowerCase().startsWith(key)) continue;
    event.preventDefault();
    event.stopImmediatePropagation(); // the letter is used; no shortcut takes it as well
    input.focus();
    if (!input.checked) input.click();
    return;
  }
}

/** Among many boxes to tick, a letter goes to the next one that begins with it. */
function toTick(event: KeyboardEvent, key: string): void {
  if (!(event.target instanceof HTMLInputElement) || event.target.type !== "checkbox" || key === " ") return;
  const boxes = [...(event.target.closest(".checks")?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [])];
  const at = boxes.indexOf(event.target);
  const next = [...boxes.slice(at + 1), ...boxes.slice(0, at)].find((b) => b.closest("label")?.textContent?.trim().toLowerCase().startsWith(key));
  if (!next) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.focus();
}
