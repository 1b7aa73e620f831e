// Parts of a page that keep themselves up to date. A part has an id and, in
// data-live, the topics that change it; when one of them changes the page is
// asked for again and its parts are made like the new ones, row by row, so that
// the focus, the cursor and what is typed stay where they are. A part with
// data-about is changed only by news of that incident, and by what cannot be
// told apart. A part with data-held is a list that waits while a hand is at the
// page: it says how many rows are new, and shows them when asked or at rest.
import { subjects } from "./events";
import { announce } from "./live";
import { released } from "./press";

/** While a hand was at the page within this time, no row changes its place. */
const idle = 10_000;
/** Words of a status follow the clock at least this often, in milliseconds. */
const often = 60_000;
/** After an answer that did not come, and while a person is in the middle of something, it is asked again so soon, in milliseconds. */
const soon = 2000;

let lastTouch = -idle;
let running = false;
let again = false;
let later = 0;
let asked = false;

/** Follows the changes of the log. */
export function startRefresh(): void {
  if (!document.querySelector("[data-live]") || document.querySelector(".past")) return;
  document.addEventListener("logchange", (event) => {
    const topics = (event as CustomEvent<string[]>).detail;
    if (concerned(topics)) void refresh();
  });
  for (const name of ["deadline", "clockset"]) document.addEventListener(name, () => void refresh());
  document.addEventListener("logstate", (event) => {
    if ((event as CustomEvent<string>).detail === "current") void refresh();
  });
  for (const name of ["keydown", "pointerdown", "pointermove"]) document.addEventListener(name, () => (lastTouch = performance.now()), { passive: true });
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => see(event.target), { passive: true });
  document.querySelector("[data-held-show]")?.addEventListener("click", sortNow);
  window.setInterval(() => void refresh(), often);
}

/** Brings the rows into their order at once. */
export function sortNow(): void {
  asked = true;
  void refresh();
}

function concerned(topics: string[]): boolean {
  if (topics.includes("all")) return true;
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const own = (part.dataset["live"] ?? "").split(" ");
    if (own.includes("all") || own.some((t) => topics.includes(t) && !elsewhere(part, t))) return true;
  }
  return false;
}

/** Is the news of other incidents than that of the part? */
function elsewhere(part: HTMLElement, topic: string): boolean {
  const about = part.dataset["about"];
  return topic === "incident" && about !== undefined && subjects.length > 0 && !subjects.includes(about);
}

/** A person is in the middle of something that must not change under the hand. */
function busy(): boolean {
  if (document.querySelector("dialog[open]")) return true;
  const selection = document.getSelection();
  for (const part of document.querySelectorAll("[data-live]")) {
    if (document.activeElement?.matches("input:not([type=checkbox]), textarea, select") && part.contains(document.activeElement)) return true;
    if (selection && !selection.isCollapsed && part.contains(selection.anchorNode)) return true;
  }
  return false;
}

async function refresh(): Promise<void> {
  window.clearTimeout(later);
  if (running) {
    again = true;
    return;
  }
  if (busy()) {
    later = window.setTimeout(() => void refresh(), soon);
    return;
  }
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1", Accept: "text/html" }, cache: "no-store" });
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      await released();
      apply(page);
    }
  } catch {
    later = window.setTimeout(() => void refresh(), soon); // the page says itself when it is old
  } finally {
    running = false;
  }
  if (again) {
    again = false;
    void refresh();
  }
}

function apply(page: Document): void {
  if (busy()) {
    later = window.setTimeout(() => void refresh(), soon);
    return;
  }
  const still = !asked && performance.now() - lastTouch < idle;
  asked = false;
  const parts = [...document.querySelectorAll<HTMLElement>("[data-live][id]")].flatMap((part) => {
    const next = page.getElementById(part.id);
    return next ? [{ part, next, held: "held" in part.dataset }] : [];
  });
  const waiting = still ? parts.reduce((n, { part, next, held }) => n + (held ? otherRows(part, next) : 0), 0) : 0;
  let moved = waiting > 0;
  for (const { part, next, held } of parts) {
    if (!(held && waiting)) moved = become(part, next, still) || moved;
  }
  sayHeld(waiting);
  // What kept its place for the hand's sake goes to it when the hand rests.
  if (moved) later = window.setTimeout(() => void refresh(), idle);
}

/** How many rows of a list would be new or changed; failing that, how many would go. */
function otherRows(part: HTMLElement, next: HTMLElement): number {
  const texts = (of: HTMLElement) => new Map([...of.querySelectorAll<HTMLElement>("[data-row]")].map((row) => [keyOf(row), words(row)]));
  const now = texts(part), then = texts(next);
  const other = [...then].filter(([key, text]) => now.get(key) !== text).length;
  return other || [...now.keys()].filter((key) => !then.has(key)).length;
}

function words(row: HTMLElement): string {
  return (row.textContent ?? "").replace(/\s+/g, " ").trim();
}

function sayHeld(waiting: number): void {
  const notice = document.querySelector<HTMLElement>("[data-held-notice]");
  const said = notice?.querySelector("[data-held-words]");
  if (!notice || !said) return;
  const text = waiting ? `${waiting} new or changed` : "";
  if (said.textContent !== text) said.textContent = text;
  notice.hidden = waiting === 0;
}

/** Names of a node that tell it from its siblings. */
function keyOf(node: Node): string {
  if (!(node instanceof HTMLElement)) return "";
  const key = node.dataset["incident"] ?? node.dataset["rowKey"] ?? node.dataset["id"] ?? node.id;
  return key ? `${node.tagName} ${key}` : "";
}

function alike(a: Node, b: Node): boolean {
  return a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

/** Makes a node like another; says whether rows stand out of their order. */
function become(node: Node, next: Node, still: boolean): boolean {
  if (!(node instanceof Element) || !(next instanceof Element)) {
    if (node.nodeValue !== next.nodeValue) node.nodeValue = next.nodeValue;
    return false;
  }
  attributes(node, next);
  const before = [...node.childNodes];
  const keyed = new Map(before.map((n) => [keyOf(n), n] as const).filter(([key]) => key !== ""));
  const kept = new Set<Node>();
  let moved = false;
  let cursor: ChildNode | null = node.firstChild;
  for (const want of [...next.childNodes]) {
    const key = keyOf(want);
    let have: ChildNode | undefined = key ? keyed.get(key) : undefined;
    if (!key) have = before.find((n) => !kept.has(n) && alike(n, want));
    if (!have) {
      const made = document.importNode(want, true) as ChildNode;
      node.insertBefore(made, cursor);
      if (made instanceof HTMLElement && made.matches("[data-row]")) fresh(made);
      continue;
    }
    kept.add(have);
    moved = become(have, want, still) || moved;
    if (have !== cursor) {
      if (key && still) moved = true;
      else node.insertBefore(have, cursor);
    }
    if (have === cursor || !key || !still) cursor = have.nextSibling;
  }
  for (const n of before) if (!kept.has(n)) gone(n);
  return moved;
}

/** What the scripts of the page set by themselves is not the server's to undo. */
const own = ["aria-keyshortcuts", "open"];

function attributes(node: Element, next: Element): void {
  for (const { name } of [...node.attributes]) {
    if (name !== "class" && !own.includes(name) && !next.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (name !== "class" && !own.includes(name) && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  const kept = ["cur", "fresh"].filter((c) => node.classList.contains(c));
  const classes = [...next.classList, ...kept].join(" ");
  if (node.className !== classes && typeof node.className === "string") node.className = classes;
}

/** A row that has left takes the focus to the one after it. */
function gone(n: ChildNode): void {
  if (n instanceof HTMLElement && n.contains(document.activeElement)) {
    const row = n.nextElementSibling ?? n.previousElementSibling;
    const link = row?.querySelector<HTMLElement>("a[href]");
    announce("This row has left the list.");
    n.remove();
    link?.focus();
    return;
  }
  n.remove();
}

/** Marks a new row until it was looked at. */
function fresh(row: HTMLElement): void {
  row.classList.add("fresh");
  window.setTimeout(() => row.classList.remove("fresh"), 20_000);
}

function see(target: EventTarget | null): void {
  if (target instanceof Element) target.closest(".fresh")?.classList.remove("fresh");
}
