// What calls for somebody, heard and seen beyond the page: a sound and a desktop
// notification, each by choice at this desk. The words of the bar carry it alone.
import { announce } from "./live";

/** Silence is not acknowledge: after so long the sound is back, in milliseconds. */
const silence = 30_000;
/** How often the call sounds while nobody has acknowledged, in milliseconds. */
const pace = 4_000;
/** How often a page that nobody looks at asks, for it has let its stream go. */
const hiddenPace = 15_000;

let context: AudioContext | undefined;
let silentUntil = 0;
let lastSound = -pace;
/** What was already shown as a notification, by alert and when it called. */
const shown = new Set<string>();

interface Waiting {
  id: string;
  kind: string;
  title: string;
  fact: string;
  raised: string;
}

/** What waits, as the page or, while it is hidden, the server says. */
let waits: { loud: number; kind: string } = { loud: 0, kind: "" };

export function startAlarms(): void {
  const bar = document.getElementById("alarms");
  if (!bar || document.querySelector(".past")) return;
  const button = document.querySelector<HTMLElement>("[data-sound]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => void toggle());
  }
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-silence]")) hush();
    if (event.target.closest("[data-sound-words]")) void toggle();
  });
  // A browser plays nothing before a hand was at the page. The key that turns
  // the sound on is left to do that itself.
  for (const name of ["keydown", "pointerdown"]) {
    document.addEventListener(name, (event) => {
      if (event instanceof KeyboardEvent && event.key.toLowerCase() === "s") return;
      if (event.target instanceof Element && event.target.closest("[data-sound], [data-sound-words]")) return;
      if (wanted("sound") && !playing()) void allow().then(show);
    });
  }
  startTest();
  startNotify();
  if (wanted("sound")) void allow().then(show);
  look();
  new MutationObserver(look).observe(bar, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-waiting", "data-alert", "data-kind"] });
  document.addEventListener("visibilitychange", look);
  window.setInterval(call, 1000);
  window.setInterval(() => {
    if (document.hidden && (wanted("sound") || wanted("notify"))) void ask();
  }, hiddenPace);
}

function wanted(what: "sound" | "notify"): boolean {
  try {
    return localStorage.getItem(`alarm-${what}`) === "on";
  } catch {
    return false;
  }
}

function want(what: "sound" | "notify", on: boolean): void {
  try {
    localStorage.setItem(`alarm-${what}`, on ? "on" : "off");
  } catch {
    /* not kept, then */
  }
}

function playing(): boolean {
  return context?.state === "running";
}

/** Asks the browser for sound; without a hand at the page it may wait for ever. */
async function allow(): Promise<boolean> {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await Promise.race([context.resume(), new Promise((done) => window.setTimeout(done, 300))]);
  } catch {
    /* a desk without sound has the words */
  }
  return playing();
}

async function toggle(): Promise<void> {
  // On, but not allowed so far: this press allows it.
  const on = !(wanted("sound") && playing());
  want("sound", on);
  if (on) await allow();
  announce(on && playing() ? "Sound on." : on ? "The browser plays no sound here." : "Sound off.");
  lastSound = -pace;
  show();
}

/** Reads the bar of the page. */
function look(): void {
  const bar = document.getElementById("alarms");
  if (!bar) return;
  const top = bar.querySelector<HTMLElement>("[data-alert]");
  waits = { loud: Number(bar.dataset["waiting"] ?? 0), kind: top?.dataset["kind"] ?? "" };
  show();
  if (waits.loud > 0 && wanted("notify")) void ask();
}

/** Says in the bar and at the foot what the sound does. */
function show(): void {
  const on = wanted("sound") && playing();
  text("[data-sound] span", on ? "sound on" : "sound off");
  document.querySelector("[data-sound]")?.setAttribute("aria-pressed", String(on));
  const quiet = performance.now() < silentUntil;
  text("[data-sound-words]", waits.loud === 0 ? "" : on ? (quiet ? "silent for 30 s" : "") : "sound off: press s");
  const words = document.querySelector<HTMLElement>("[data-sound-words]");
  if (words) words.hidden = words.textContent === "";
  const hush = document.querySelector<HTMLElement>("[data-silence]");
  if (hush) hush.hidden = !on || quiet || waits.loud === 0;
}

function text(selector: string, words: string): void {
  const el = document.querySelector(selector);
  if (el && el.textContent !== words) el.textContent = words;
}

function hush(): void {
  silentUntil = performance.now() + silence;
  announce("Silent for 30 s. It is not acknowledged.");
  show();
}

/** Once a second: sounds while somebody is called for. */
function call(): void {
  show();
  if (waits.loud === 0 || !wanted("sound") || !playing() || performance.now() < silentUntil || performance.now() - lastSound < pace) return;
  lastSound = performance.now();
  sound(waits.kind);
}

/** Two tones for a warning, three for an alarm; under a second. */
function sound(kind: string): void {
  if (!context) return;
  const tones = kind === "alarm" ? [880, 660, 880] : [660, 520];
  tones.forEach((hertz, i) => {
    if (!context) return;
    const begin = context.currentTime + i * 0.22;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.25, begin + 0.02);
    volume.gain.setValueAtTime(0.25, begin + 0.16);
    volume.gain.linearRampToValueAtTime(0, begin + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + 0.21);
  });
  document.documentElement.dataset["sounded"] = String(Number(document.documentElement.dataset["sounded"] ?? 0) + 1);
}

/** The button that tries the sound, which the log keeps. */
function startTest(): void {
  const form = document.querySelector<HTMLFormElement>("[data-sound-test]");
  if (!form) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      const played = await allow();
      if (played) sound("alarm");
      const body = new URLSearchParams({ played: played ? "yes" : "no" });
      const kept = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).then((a) => a.ok, () => false);
      const words = played ? "The sound was played." : "This browser plays no sound.";
      const said = `${words} ${kept ? "The log has it." : "The log could not be told."}`;
      announce(said);
      const button = form.querySelector("button");
      if (button) button.textContent = said;
    })();
  });
}

/** The button for desktop notifications. They need a page that came by TLS or from this machine. */
function startNotify(): void {
  const button = document.querySelector<HTMLElement>("[data-notify]");
  if (!button) return;
  button.hidden = false;
  const say = () => {
    const can = "Notification" in window && window.isSecureContext && Notification.permission !== "denied";
    button.textContent = !can ? "Desktop notifications: the browser refuses" : `Desktop notifications: ${wanted("notify") && Notification.permission === "granted" ? "on" : "off"}`;
  };
  say();
  button.addEventListener("click", () => {
    void (async () => {
      if (!("Notification" in window)) return;
      const on = !(wanted("notify") && Notification.permission === "granted");
      if (on && Notification.permission === "default") await Notification.requestPermission();
      want("notify", on && Notification.permission === "granted");
      say();
    })();
  });
}

/** Asks what waits and shows each call once. The tag keeps several windows of a desk from showing it twice. */
async function ask(): Promise<void> {
  let list: Waiting[];
  try {
    const answer = await fetch("/alarms/waiting", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return;
    list = (await answer.json()) as Waiting[];
  } catch {
    return; // the page says itself when it is cut off
  }
  if (document.hidden) waits = { loud: list.length, kind: list[0]?.kind ?? "" };
  if (!wanted("notify") || !("Notification" in window) || Notification.permission !== "granted") return;
  for (const w of list) {
    const call = `${w.id} ${w.raised}`;
    if (shown.has(call)) continue;
    shown.add(call);
    if (!document.hidden && document.hasFocus()) continue; // it is before their eyes
    const note = new Notification(`${w.kind}: ${w.title}`, { body: w.fact, tag: w.id });
    note.onclick = () => {
      window.focus();
      location.assign(`/alarms?ack=${w.id}`);
    };
  }
}
