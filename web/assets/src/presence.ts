// Who else looks at this record, and whether somebody wrote it meanwhile. This
// only ever writes into its own line: no field of any form is touched, and when
// the server cannot be asked the line says nothing rather than something old.
import { subjects } from "./events";
import { announce } from "./live";
import { released } from "./press";

/** How long the cursor rests in a field before that is told, in milliseconds. */
const rest = 700;

/** How often a page gives a sign of life, in milliseconds. */
const beat = 8_000;

interface Person {
  name: string;
  editing: string;
}
interface Answer {
  others: Person[];
  revision: number;
  by: string;
}

/** Tells the server of every open record and shows who else is there. */
export function startPresence(): void {
  const line = document.querySelector<HTMLElement>("[data-presence]");
  if (line) new Presence(line).start();
}

class Presence {
  private readonly address: string;
  private readonly tab = Math.random().toString(36).slice(2, 12);
  private timer = 0;
  private moved = 0;
  private asked: AbortController | undefined;

  constructor(private readonly line: HTMLElement) {
    this.address = `/incidents/${line.dataset.presence ?? ""}/presence`;
  }

  start(): void {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.arrive()));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.arrive();
    });
    document.addEventListener("focusin", () => this.move());
    document.addEventListener("logchange", (event) => {
      const topics = (event as CustomEvent<string[]>).detail;
      const own = subjects.length === 0 || subjects.includes(`incident/${this.line.dataset.presence ?? ""}`);
      if (!document.hidden && own && (topics.includes("incident") || topics.includes("all"))) void this.sign();
    });
    if (!document.hidden) this.arrive();
  }

  /** Tells of another field sooner than the next sign would. */
  private move(): void {
    window.clearTimeout(this.moved);
    if (this.line.dataset.edit !== undefined) this.moved = window.setTimeout(() => void this.sign(), rest);
  }

  /** Gives a sign now and then. */
  private arrive(): void {
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => void this.sign(), beat);
    void this.sign();
  }

  /** Says goodbye and nothing more. */
  private leave(): void {
    window.clearInterval(this.timer);
    window.clearTimeout(this.moved);
    this.asked?.abort();
    this.showOthers([]);
    navigator.sendBeacon(this.address, new Blob([JSON.stringify({ ...this.said(), gone: true })], { type: "application/json" }));
  }

  private said() {
    return { revision: this.shown(), editing: this.editing(), tab: this.tab };
  }

  private shown(): number {
    return Number(this.line.dataset.revision);
  }

  /** The words of the field that has the cursor, on the page of a form. */
  private editing(): string {
    if (this.line.dataset.edit === undefined) return "";
    const field = document.activeElement;
    const known = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
    if (!known || !field.closest("main form[method=post]")) return "the report";
    const legend = field.closest("fieldset")?.querySelector("legend")?.textContent;
    const label = legend ?? field.labels?.[0]?.textContent;
    return label?.trim().toLowerCase() || "the report";
  }

  private async sign(): Promise<void> {
    this.asked?.abort();
    const mine = (this.asked = new AbortController());
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body: JSON.stringify(this.said()),
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: "same-origin",
        signal: AbortSignal.any([mine.signal, AbortSignal.timeout(beat)]),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = (await answer.json()) as Answer;
      await released();
      this.showOthers(now.others);
      if (now.revision > this.shown()) this.showNewer(now);
    } catch {
      // Not known is not nobody; nobody is named. That a newer revision exists stays true.
      if (!mine.signal.aborted) this.showOthers([]);
    }
  }

  private showOthers(others: Person[]): void {
    const who = this.line.querySelector<HTMLElement>("[data-others]");
    if (!who) return;
    const text = others.map((o) => (o.editing ? `${o.name}, editing ${o.editing}` : o.name)).join("; ");
    const say = text ? `Also here: ${text}` : "";
    if (who.textContent !== say) who.textContent = say;
    this.line.hidden = !say && this.line.querySelector<HTMLElement>("[data-newer]")?.hidden !== false;
  }

  private showNewer(now: Answer): void {
    const newer = this.line.querySelector<HTMLElement>("[data-newer]");
    const what = newer?.querySelector<HTMLElement>("[data-what]");
    if (!newer || !what) return;
    const say = `Revision ${now.revision} by ${now.by} exists:`;
    if (what.textContent !== say) {
      what.textContent = say;
      announce(`${say} look at what changed.`);
    }
    newer.hidden = false;
    this.line.hidden = false;
  }
}
