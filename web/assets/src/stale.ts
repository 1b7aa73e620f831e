// A clock that lies is worse than none: when the server is silent, the page says
// since when, and its countdowns turn into the moments that they run to.
import { serverNow, two } from "./clock";
import { hoursMinutes } from "./countdown";
import { silence, type State } from "./events";

let since = 0;
let timer = 0;

/** Follows whether the page is current. */
export function startStale(): void {
  const bar = document.getElementById("stale");
  if (!bar) return;
  document.addEventListener("logstate", (event) => {
    const state = (event as CustomEvent<State>).detail;
    window.clearInterval(timer);
    document.documentElement.toggleAttribute("data-stale", state !== "current");
    bar.hidden = state === "current";
    if (state === "current") return;
    since = serverNow() - silence();
    show(bar, state);
    timer = window.setInterval(() => show(bar, state), 10_000);
  });
}

function show(bar: HTMLElement, state: State): void {
  const at = new Date(since);
  const words = bar.querySelector("[data-stale-words]");
  const link = bar.querySelector<HTMLElement>("a");
  if (!words || !link) return;
  const age = serverNow() - since;
  const old = age >= 60_000 ? ` What you see is ${hoursMinutes(age)} old.` : "";
  const text = `Not current since ${two(at.getUTCHours())}${two(at.getUTCMinutes())}Z. ${state === "out" ? "Your sign-in has ended." : "The server does not answer."}${old}`;
  if (words.textContent !== text) words.textContent = text;
  link.hidden = state !== "out";
}
