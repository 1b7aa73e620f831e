// A call that is going on: its notes are kept in this browser at once and on the
// server within two seconds, and "a" goes to the notes before it ends the call.

/** After the last key, and after a save that failed, in milliseconds. */
const pause = 800;
const again = 4000;

/** What this browser holds of a call's notes. */
interface Kept {
  seq: number;
  notes: string;
}

/** Takes care of the form of a call, if the page has one. */
export function startCall(): void {
  sweep();
  const form = document.querySelector<HTMLFormElement>("form[data-call]");
  const notes = form?.elements.namedItem("summary");
  if (form && notes instanceof HTMLTextAreaElement) new CallNotes(form, notes).start();
}

/** Forgets notes of calls that must be over: no watch is that long. */
function sweep(): void {
  const over = Date.now() - 13 * 3600_000;
  try {
    for (const key of Object.keys(localStorage)) {
      const kept = key.startsWith("call:") ? (JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null) : null;
      if (kept && kept.seq < over) localStorage.removeItem(key);
    }
  } catch {
    /* no storage, then nothing to forget */
  }
}

class CallNotes {
  private seq: number;
  private timer = 0;
  private dirty = false;
  private ending = false;
  private readonly name: string;
  private readonly state: HTMLElement | null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly notes: HTMLTextAreaElement,
  ) {
    this.seq = Number(form.dataset["callSeq"] ?? 0);
    this.name = `call:${form.dataset["callOwner"] ?? ""}:${form.dataset["call"] ?? ""}`;
    this.state = form.querySelector("[data-call-state]");
  }

  start(): void {
    this.restore();
    this.notes.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => void this.save());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
  }

  /** Brings back what this browser holds and the server does not. */
  private restore(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) ?? "null") as Kept | null;
      if (!kept || kept.seq <= this.seq || kept.notes === this.notes.value) return;
      this.seq = kept.seq;
      this.notes.value = kept.notes;
      this.say("Your notes were kept in this browser and are back.");
      this.dirty = true;
      this.schedule(0);
    } catch {
      /* no storage, or not ours: the server has them */
    }
  }

  private changed(): void {
    this.seq = Math.max(Date.now(), this.seq + 1);
    this.dirty = true;
    try {
      localStorage.setItem(this.name, JSON.stringify({ seq: this.seq, notes: this.notes.value }));
    } catch {
      /* full or forbidden: the server still keeps them */
    }
    if (this.timer === 0) this.schedule(pause);
  }

  private schedule(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), ms);
  }

  private put(keepalive: boolean): Promise<Response> {
    const body = new URLSearchParams({ summary: this.notes.value, seq: String(this.seq), owner: this.form.dataset["callOwner"] ?? "" });
    return fetch(`/calls/${this.form.dataset["call"]}/notes`, { method: "PUT", body, credentials: "same-origin", keepalive, headers: { Accept: "application/json" } });
  }

  private async save(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (!this.dirty || this.ending) return;
    this.dirty = false;
    try {
      const answer = await this.put(false);
      if (answer.ok) {
        const { at } = (await answer.json()) as { at: string };
        this.say(`Kept on the server ${at}.`);
        return;
      }
      this.say(answer.status === 404 ? "This call has been ended meanwhile; your notes are in this browser." : `Kept in this browser only: the server answered ${answer.status}.`);
      if (answer.status < 500) return;
    } catch {
      this.say("The server cannot be reached. Your notes are kept in this browser; go on.");
    }
    this.dirty = true;
    this.schedule(again);
  }

  /** The page goes away: the last words leave with it. */
  private leave(): void {
    if (this.dirty && !this.ending) void this.put(true).catch(() => undefined);
  }

  /** "They answered" first leads to the notes; with notes it ends the call. */
  private submitted(event: SubmitEvent): void {
    const by = event.submitter;
    if (by instanceof HTMLButtonElement && by.dataset["main"] !== undefined && this.notes.value.trim() === "") {
      event.preventDefault();
      event.stopPropagation(); // nothing was sent, so that the buttons stay open
      this.notes.focus();
      this.say("They answered: note what was said, then Ctrl Enter logs it.");
      return;
    }
    this.ending = true;
    window.clearTimeout(this.timer);
    window.addEventListener("pageshow", () => (this.ending = false), { once: true });
  }

  private say(text: string): void {
    if (this.state) this.state.textContent = text;
  }
}
