// Countdowns go on from what the server wrote, by the same rule as TimeLeft in
// web/view/view.go: whole minutes, and seconds for the last ten minutes.
import { everySecond, serverNow, two } from "./clock";
import { announce } from "./live";

const minute = 60_000;

/** "1 h 34", and days past a hundred hours. */
export function hoursMinutes(ms: number): string {
  const m = Math.floor(Math.abs(ms) / minute);
  if (m >= 100 * 60) return `${Math.floor(m / 1440)} d ${two(Math.floor((m % 1440) / 60))} h`;
  return `${Math.floor(m / 60)} h ${two(m % 60)}`;
}

/** The figure of a countdown and whether it is left or late. */
export function timeLeft(deadline: number, now: number): { figure: string; sense: "left" | "late" } {
  const d = deadline - now;
  if (d < 0) return { figure: hoursMinutes(d), sense: "late" };
  if (d >= 10 * minute) return { figure: hoursMinutes(d), sense: "left" };
  const s = Math.floor(d / 1000);
  return { figure: `${Math.floor(s / 60)}:${two(s % 60)}`, sense: "left" };
}

/** What was late when last looked at, so that a deadline is announced once. */
const late = new WeakMap<Element, boolean>();

/** Keeps every countdown of the page going, those that come later included. */
export function startCountdowns(): void {
  // A page read as of the past stands still.
  if (document.querySelector(".past")) return;
  everySecond(() => {
    for (const el of document.querySelectorAll<HTMLElement>("[data-countdown]")) update(el);
  });
}

function update(el: HTMLElement): void {
  const deadline = Date.parse(el.dataset["deadline"] ?? "");
  if (Number.isNaN(deadline)) return;
  if (document.documentElement.hasAttribute("data-stale")) {
    // Nobody knows whether it still counts: say where it runs to.
    const at = new Date(deadline);
    el.textContent = `at ${two(at.getUTCHours())}${two(at.getUTCMinutes())}Z`;
    return;
  }
  const { figure, sense } = timeLeft(deadline, serverNow());
  const box = el.closest(".left");
  // In a box the words stand beside the figure; alone, the figure says it itself.
  const text = box || sense === "left" ? figure : `${figure} late`;
  if (el.textContent?.trim() !== text) el.textContent = text;
  // A box may hold a second figure ("at worst"); the first one rules it.
  if (box?.querySelector("[data-countdown]") === el) {
    const word = box.querySelector("[data-sense]");
    if (word && word.textContent?.trim() !== sense) word.textContent = sense;
    box.classList.toggle("past-deadline", sense === "late");
  }
  if (late.get(el) === false && sense === "late") {
    const title = el.closest("[data-row]")?.querySelector("a")?.textContent?.trim();
    announce(`${el.dataset["passed"] || "Deadline passed"}${title ? `: ${title}` : ""}`);
    document.dispatchEvent(new CustomEvent("deadline"));
  }
  late.set(el, sense === "late");
}
