// Shortcuts. Anything with data-key is one: the key presses a link or button,
// or puts the cursor into a field. So a page has exactly the keys of what it
// shows, and "?" can list them.
import { sendFormOf } from "./forms";
import { moveRow, openRow, currentRow } from "./rows";
import { toggleHelp } from "./keyhelp";
import { sortNow } from "./refresh";
import { hasThemes, nextTheme } from "./theme";

/** A key that acts on the whole page rather than on one element. */
export interface Binding {
  keys: string;
  label: string;
  /** Is there anything to act on? */
  there: () => boolean;
  run: () => void;
}

/** Words for data-key elements whose own text would say less. */
export const labels: Record<string, string> = {
  n: "new report",
  c: "start a call, about the current row of a list",
  w: "journal entry",
  e: "edit",
  v: "verify",
  h: "hold it, or let go of it",
  u: "flag it, or take the flag off",
  p: "briefing on A4",
  m: "choose the row, or leave it out",
  t: "log a test",
  "/": "find",
  "[": "before",
  "]": "after",
  "g b": "go to the board",
  "g a": "go to the log, all incidents",
  "g m": "go to the map",
  "g l": "go to the lines",
  "g c": "go to the contacts",
  "g w": "go to the journal",
  "g h": "go to the handover",
  "g u": "go to administration",
  "g s": "go to the alarms",
  x: "acknowledge the alarm",
  s: "sound of the alarms on or off",
  "ctrl+s": "keep as draft",
};

const hasRows = () => document.querySelector("[data-row]") !== null;

/** The bindings that every page shares. */
export const bindings: Binding[] = [
  { keys: "j", label: "next row", there: hasRows, run: () => moveRow(1) },
  { keys: "k", label: "row before", there: hasRows, run: () => moveRow(-1) },
  { keys: "o", label: "open the row (Enter does, too)", there: hasRows, run: openRow },
  { keys: ".", label: "put the rows into their order now", there: () => document.querySelector("[data-live] [data-row]") !== null, run: sortNow },
  { keys: "b", label: "brightness: day, dusk, night, red", there: hasThemes, run: nextTheme },
  { keys: "?", label: "all keys", there: () => true, run: toggleHelp },
];

/** Keys that hold in forms; they are listed, and handled below. */
export const formKeys: { keys: string; label: string; selector: string }[] = [
  { keys: "Ctrl+Enter", label: "send the form", selector: "main form[method=post]" },
  { keys: "Alt+0 … 9", label: "go to a line of the form; 0 is the box to paste into", selector: "[data-line]" },
  { keys: "Alt+M", label: "draw the position on a map", selector: "[data-draw-button]" },
  { keys: "Alt+Enter", label: "one more row", selector: "[data-repeat]" },
  { keys: "Y N U", label: "yes, no, unknown on a flag; the first letter on any segment", selector: "[data-segment]" },
];

/** Between the two keys of a sequence no more than this, in milliseconds. */
const patience = 1200;

let first = "";
let forget = 0;

/** Listens, and tells assistive technology what the keys are. */
export function startKeys(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = el.dataset["key"] ?? "";
    if (!key.includes(" ")) el.setAttribute("aria-keyshortcuts", ariaKey(key));
  }
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-help]")?.addEventListener("click", (event) => {
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    toggleHelp();
  });
}

/** Ctrl+S in the spelling of aria-keyshortcuts: Control+S. */
function ariaKey(key: string): string {
  return key
    .split("+")
    .map((part) => (part === "ctrl" ? "Control" : part.length === 1 ? part.toUpperCase() : part))
    .join("+");
}

/** Are single letters shortcuts at this desk? (WCAG 2.1.4 asks for a way out.) */
export function lettersOn(): boolean {
  if (document.documentElement.dataset["keys"] === "off") return false;
  try {
    return localStorage.getItem("keys") !== "off";
  } catch {
    return true; // a browser without storage keeps the default
  }
}

/** Switches the single letters on or off at this desk. */
export function setLetters(on: boolean): void {
  try {
    localStorage.setItem("keys", on ? "on" : "off");
  } catch {
    /* not kept, then */
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
  if (event.ctrlKey || event.metaKey) {
    withControl(event);
    return;
  }
  if (event.altKey) {
    toLine(event);
    return;
  }
  if (event.key.length !== 1 || typing(event.target) || dialogOpen() || !lettersOn()) return;
  const key = event.key.toLowerCase();
  const keys = first ? `${first} ${key}` : key;
  window.clearTimeout(forget);
  first = "";
  if (press(keys)) {
    event.preventDefault();
  } else if (startsSequence(key)) {
    first = key;
    forget = window.setTimeout(() => (first = ""), patience);
  }
}

/** Does the element take letters for itself? */
function typing(el: Element): boolean {
  if (el instanceof HTMLElement && el.isContentEditable) return true;
  if (el instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "reset"].includes(el.type);
  return el.matches("textarea, select, [role=application]");
}

function dialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** Does what the keys stand for, if anything on the page does. */
function press(keys: string): boolean {
  const el = target(keys);
  if (el) {
    if (el.matches("input:not([type=submit], [type=button], [type=checkbox]), textarea, select")) {
      el.focus();
      if (el instanceof HTMLInputElement) el.select();
    } else {
      el.click();
    }
    return true;
  }
  const binding = bindings.find((b) => b.keys === keys && b.there());
  binding?.run();
  return binding !== undefined;
}

/**
 * The element of a key: that of the current row first, then the first one of the
 * page outside rows, then one of the frame, then any. So a page may take a letter
 * that the frame has: "n" is no answer in a call, and a new report elsewhere.
 */
function target(keys: string): HTMLElement | undefined {
  const selector = `[data-key="${CSS.escape(keys)}"]`;
  const seen = (root: ParentNode) => [...root.querySelectorAll<HTMLElement>(selector)].filter(visible);
  const row = currentRow();
  const own = row ? seen(row)[0] : undefined;
  if (own) return own;
  const all = seen(document);
  const outside = all.filter((el) => !el.closest("[data-row]"));
  // What writes at once is for the row one is at, never for the first one there is.
  return outside.find((el) => el.closest("main")) ?? outside[0] ?? all.find((el) => !el.hasAttribute("data-key-row"));
}

/** Is the element drawn? Those kept for screen readers are. */
export function visible(el: HTMLElement): boolean {
  return el.getClientRects().length > 0;
}

function startsSequence(key: string): boolean {
  return document.querySelector(`[data-key^="${CSS.escape(key)} "]`) !== null;
}

function withControl(event: KeyboardEvent): void {
  if (event.altKey || !(event.target instanceof Element)) return;
  if (event.key === "Enter") {
    const fill = event.target.closest(".paste")?.querySelector<HTMLElement>("[data-fill]");
    if (fill && event.target instanceof HTMLTextAreaElement && event.target.value.trim() !== "") {
      event.preventDefault();
      fill.click();
      return;
    }
    const form = event.target.closest("form") ?? document.querySelector("main form[method=post]");
    if (form && sendFormOf(form)) event.preventDefault();
    return;
  }
  if (event.shiftKey || event.key.length !== 1) return;
  const el = target(`ctrl+${event.key.toLowerCase()}`);
  if (!el) return;
  event.preventDefault();
  el.click();
}

/** Alt and a figure go to that line of the form; the code, since Alt changes the letter on some boards. */
function toLine(event: KeyboardEvent): void {
  const figure = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (!figure || dialogOpen()) return;
  const line = document.querySelector(`[data-line="${figure}"]`);
  const step = document.querySelector<HTMLInputElement>(`#step-${figure === "0" ? "1" : figure}`);
  if (step && visible(step) && !document.querySelector<HTMLInputElement>("#step-all")?.checked) step.checked = true;
  const field = line?.querySelector<HTMLElement>("input:checked, input:not([type=hidden]):not([type=radio]), select, textarea, input[type=radio]");
  if (!field) return;
  event.preventDefault();
  field.focus();
}
