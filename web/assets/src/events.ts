// The way on which the server tells an open page what has changed: a stream of
// events, or, where none comes through, questions every few seconds. Who wants
// to know listens for "logchange" on the document; who wants to know whether
// the page is current, for "logstate"; whether the clock was set, for "clockset".
import { heard } from "./clock";

/** After so long without a word the page is not current, in milliseconds. */
const patience = 10_000;
/** How often is asked when no stream comes through, in milliseconds. */
const pace = 5_000;
/** A stream says what the time is every five seconds; one that is silent for so long is dead, in milliseconds. */
const dead = 15_000;
/** So far the desk's clock leaves the running one only when it was set or the desk slept, in milliseconds. */
const leap = 2_000;

interface Word {
  seq: number;
  now: string;
  topics?: string[];
  subjects?: string[];
}

/** Is the page current, cut off, or has the sign-in ended? */
export type State = "current" | "stale" | "out";

let seq = 0;
let lastWord = 0;
let lastEvent = 0;
let desk = 0;
let source: EventSource | undefined;
let failures = 0;
let state: State = "current";
let asking = false;

/** The records of the change that is being told, "incident/<id>"; none where there were too many to name. */
export let subjects: string[] = [];

/** For how long the server has not been heard, in milliseconds. */
export function silence(): number {
  return performance.now() - lastWord;
}

/** Begins to listen, on pages that have anything that changes by itself. */
export function startEvents(): void {
  const at = document.documentElement.dataset["seq"];
  if (at === undefined || document.querySelector(".past")) return;
  seq = Number(at);
  lastWord = performance.now();
  desk = Date.now() - performance.now();
  open();
  window.setInterval(watch, 1000);
  document.addEventListener("visibilitychange", () => {
    // A browser keeps six connections to a server that speaks HTTP/1.1: pages
    // that nobody sees leave them to those that somebody does. A page that
    // slept may have missed anything, its clock included.
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else {
      lastWord = performance.now();
      open();
      void ask();
    }
  });
  window.addEventListener("online", () => void ask());
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    open();
    void ask();
  });
}

function open(): void {
  source?.close();
  lastEvent = performance.now();
  source = new EventSource(`/events?after=${seq}`);
  for (const name of ["hello", "change", "time"]) {
    source.addEventListener(name, (event) => {
      failures = 0;
      lastEvent = performance.now();
      take(JSON.parse((event as MessageEvent<string>).data) as Word, name === "change");
    });
  }
  source.addEventListener("bye", () => {
    source?.close();
    say("out");
  });
  source.onerror = () => {
    failures++;
    // The browser tries again by itself, unless the answer was no stream.
    if (source?.readyState === EventSource.CLOSED) source = undefined;
  };
}

/** What came is told once: a number that was passed already is nothing new. */
function take(word: Word, change: boolean): void {
  lastWord = performance.now();
  const set = heard(Date.parse(word.now));
  say("current");
  if (set) document.dispatchEvent(new CustomEvent("clockset"));
  if (word.seq <= seq) return;
  seq = word.seq;
  subjects = word.subjects ?? [];
  if (change && word.topics?.length) document.dispatchEvent(new CustomEvent<string[]>("logchange", { detail: word.topics }));
}

/** Once a second: has the server been heard, and if not, can it be asked? */
function watch(): void {
  if (state === "out" || document.hidden) return;
  const now = performance.now();
  const silent = silence();
  // Of a desk that slept neither the running clock nor the stream need know.
  const slept = Math.abs(Date.now() - now - desk) > leap;
  desk = Date.now() - now;
  if (slept) void ask();
  if (silent > patience) say("stale");
  if ((silent > pace || failures > 2) && Math.floor(silent / 1000) % (pace / 1000) === 0) void ask();
  if ((!source && silent > 1000) || slept || now - lastEvent > dead) open();
}

async function ask(): Promise<void> {
  if (asking || state === "out") return;
  asking = true;
  try {
    const answer = await fetch(`/events/poll?after=${seq}`, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(pace) });
    if (answer.status === 401 || answer.status === 403) say("out");
    if (answer.ok) take((await answer.json()) as Word, true);
  } catch {
    /* it is not there; watch says so when it has been silent for long enough */
  } finally {
    asking = false;
  }
}

function say(next: State): void {
  if (next === state) return;
  state = next;
  document.dispatchEvent(new CustomEvent<State>("logstate", { detail: next }));
}
