// The clock runs on the time of the server: the log, not the desk, says what
// the time is.

const root = document.documentElement;

/**
 * The server's clock at the zero of performance.now(), in milliseconds. That one
 * runs on when somebody sets the clock of the desk.
 */
let zero = Date.now() - performance.now();

/** The last few answers of the server: its clock less our running one. */
let samples: number[] = [];

/** A difference that no network makes, in milliseconds: a clock was set, or the desk slept. */
const jump = 2000;

/** Now, by the clock of the server. */
export function serverNow(): number {
  return zero + performance.now();
}

/**
 * Takes what the server says the time is. The way here only makes it later, so
 * the least late answer counts. Says whether the clock was set by that.
 */
export function heard(now: number): boolean {
  if (Number.isNaN(now)) return false;
  const sample = now - performance.now();
  const wasSet = Math.abs(sample - zero) > jump;
  if (wasSet) samples = [];
  samples = [...samples.slice(-4), sample];
  zero = Math.max(...samples);
  return wasSet;
}

/** Two digits. */
export function two(n: number): string {
  return String(n).padStart(2, "0");
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** A date-time group in Zulu: 141630ZMAR23. */
export function dtg(t: Date): string {
  return `${two(t.getUTCDate())}${two(t.getUTCHours())}${two(t.getUTCMinutes())}Z${months[t.getUTCMonth()]}${two(t.getUTCFullYear() % 100)}`;
}

/** Calls back now and at the beginning of each second. */
export function everySecond(tick: () => void): void {
  tick();
  window.setTimeout(() => everySecond(tick), 1000 - (serverNow() % 1000));
}

/** Keeps the clock in the head going. Its text changes once a minute. */
export function startClock(): void {
  const sent = Date.parse(root.dataset["now"] ?? "");
  if (!Number.isNaN(sent)) {
    // The page was loading since responseStart; counting from there keeps a
    // slow line from making the clock late. A page out of the cache of the
    // browser is old, and then the desk's own clock is the better guess.
    const page = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
    const cached = page !== undefined && page.transferSize === 0 && page.type === "back_forward";
    if (!cached) zero = sent - (page?.responseStart ?? 0);
  }
  everySecond(show);
}

function show(): void {
  const now = new Date(serverNow());
  const local = new Date();
  const here = local.getTimezoneOffset() === 0 ? "UTC" : `here ${two(local.getHours())}:${two(local.getMinutes())}`;
  const off = local.getTime() - now.getTime();
  set("[data-clock]", `${two(now.getUTCHours())}${two(now.getUTCMinutes())}Z`);
  set("[data-clock-day]", two(now.getUTCDate()));
  set("[data-clock-date]", `${days[now.getUTCDay()]} ${two(now.getUTCDate())} ${months[now.getUTCMonth()]} ${two(now.getUTCFullYear() % 100)}`);
  set("[data-clock-local]", Math.abs(off) > wrong ? `desk clock ${away(off)}` : here);
  for (const el of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const since = Date.parse(el.dataset["since"] ?? "");
    const text = elapsed(now.getTime() - since);
    if (!Number.isNaN(since) && el.textContent !== text) el.textContent = text;
  }
  document.querySelector(".zulu")?.classList.toggle("wrong", Math.abs(off) > wrong);
}

/** "4:07", from an hour on "1:04:07", as elapsed in web/view/call.templ. */
function elapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const rest = two(s % 60);
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
}

/** How far a desk's clock may be off before the page says so, in milliseconds. */
const wrong = 30_000;

/** "4 min fast", "2 h 05 slow". */
function away(off: number): string {
  const seconds = Math.round(Math.abs(off) / 1000);
  const minutes = Math.floor(seconds / 60);
  const size = seconds < 120 ? `${seconds} s` : minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
  return `${size} ${off > 0 ? "fast" : "slow"}`;
}

/** Changes a text only when it differs, so that nothing is announced twice. */
function set(selector: string, text: string): void {
  for (const el of document.querySelectorAll(selector)) {
    if (el.textContent !== text) el.textContent = text;
  }
}
