// A report is kept as it is typed: at once in this browser, and within two
// seconds on the server. Whatever breaks (the network, the server, the browser,
// the sign-in), the form comes back to the same words and the same cursor, and
// a report that was to be filed meanwhile is filed by itself.
import { dtg } from "./clock";
import { addEmptyRow } from "./repeat";

/** After the last key, and at most after the first one not yet kept, in milliseconds. */
const pause = 600;
const longest = 1500;
/** How often a lost server is tried again, in milliseconds. */
const again = 4000;

/** What this browser holds of a draft. */
interface Local {
  seq: number;
  form: string;
  place: string;
  kept: boolean; // the server has it, too
  change: boolean; // of an incident in the log
}

/** Names of the page's own fields, which are no part of a report. */
const own = new Set(["add", "draft_seq", "draft_place", "draft_owner", "draft_step"]);

let sending = false;

/** Takes care of the report form of the page, if there is one. */
export function startDrafts(): void {
  document.addEventListener("submit", forget);
  const form = document.querySelector<HTMLFormElement>("form[data-draft]");
  if (!form) return;
  if (form.dataset["offline"] !== undefined) beginOffline(form);
  else keepPage(form);
  const draft = new Draft(form);
  draft.restore();
  draft.watch();
}

/** Whoever signs out leaves nothing behind that the server has. */
function forget(event: SubmitEvent): void {
  if (!(event.target instanceof HTMLFormElement) || !event.target.action.endsWith("/logout")) return;
  void window.caches?.delete("report-form");
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && read(key)?.kept) localStorage.removeItem(key);
  }
}

/** Lets the browser keep the empty form for when the server is gone. */
function keepPage(form: HTMLFormElement): void {
  const script = form.dataset["worker"];
  if (!script || !("serviceWorker" in navigator)) return; // not on a page without TLS beyond this machine
  navigator.serviceWorker
    .register(script, { scope: "/incidents/" })
    .then((r) => navigator.serviceWorker.ready.then(() => (r.active ?? r.waiting)?.postMessage("keep")))
    .catch(() => undefined); // forbidden by the browser: a reload needs the server, then
}

/** The page is the one that the browser kept: its report is that of the address, or a new one, begun now. */
function beginOffline(form: HTMLFormElement): void {
  const asked = new URLSearchParams(location.search).get("id");
  const id = asked && /^[0-9a-f-]{36}$/.test(asked) ? asked : newID();
  form.dataset["draft"] = id;
  form.dataset["draftSeq"] = "0";
  const field = form.elements.namedItem("id");
  if (field instanceof HTMLInputElement) field.value = id;
  const start = form.elements.namedItem("start");
  if (start instanceof HTMLInputElement) start.value = start.defaultValue = dtg(new Date());
  const state = form.querySelector("[data-draft-state]");
  if (state) state.textContent = "The server cannot be reached. This form works without it: your words are kept in this browser.";
}

/** A UUIDv7 (RFC 9562 §5.7). */
function newID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function read(key: string): Local | undefined {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as Local) : undefined;
  } catch {
    return undefined; // no storage, or not ours
  }
}

class Draft {
  private readonly key: string;
  private readonly owner: string;
  private readonly state: HTMLElement | null;
  private readonly change: boolean;
  private seq: number;
  private first = 0; // when the first change that the server lacks was made
  private timer = 0;
  private filing = false; // the person has said "file"
  private saving: Promise<unknown> = Promise.resolve(); // the save that is on its way

  constructor(private readonly form: HTMLFormElement) {
    this.owner = form.dataset["draftOwner"] ?? "";
    this.key = form.dataset["draft"] ?? "";
    this.seq = Number(form.dataset["draftSeq"] ?? 0);
    this.state = form.querySelector("[data-draft-state]");
    this.change = form.elements.namedItem("base") !== null;
  }

  private get name(): string {
    return `draft:${this.owner}:${this.key}`;
  }

  /** Brings back what this browser holds and the server does not, and the cursor. */
  restore(): void {
    const local = read(this.name);
    const refused = document.querySelector("[data-focus]") !== null;
    if (this.form.dataset["posted"] !== undefined) {
      // Drawn from what was just sent: newer than anything that was kept.
      this.changed();
      if (!refused && !(local && !local.place.startsWith("paste") && goTo(this.form, local.place))) this.begin();
      return;
    }
    if (local && local.seq > this.seq && !local.kept && !refused) {
      fillForm(this.form, new URLSearchParams(local.form));
      this.seq = local.seq;
      this.say("Your words were kept in this browser and are back.");
      this.schedule();
    }
    if (refused) return;
    const place = local?.place ?? this.form.dataset["draftPlace"] ?? "";
    if (!goTo(this.form, place)) this.begin();
  }

  /** Puts the cursor where a report begins; a default there is overtyped. */
  private begin(): void {
    const filled = this.form.querySelector(".fromtext");
    const field = this.form.querySelector<HTMLInputElement>(filled ? "[name=severity]" : "[name=start]");
    if (!field || this.change) return;
    field.focus();
    if (!filled) field.select();
  }

  watch(): void {
    const defaults = new Set((this.form.dataset["defaults"] ?? "").split(" "));
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-repeat-add], [data-repeat-remove]")) this.changed();
    });
    this.form.addEventListener("focusin", (event) => {
      // What the form filled by itself goes with the first key.
      if (event.target instanceof HTMLInputElement && defaults.has(event.target.name) && event.target.value === event.target.defaultValue) event.target.select();
    });
    this.form.addEventListener("paste", (event) => {
      if (!(event.target instanceof HTMLTextAreaElement) || event.target.name !== "paste") return;
      window.setTimeout(() => this.form.querySelector<HTMLButtonElement>("[data-fill]")?.click(), 0);
    });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => void this.send());
    window.addEventListener("offline", () => this.lost());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
    if (this.form.dataset["posted"] !== undefined) this.address(); // a reload would post again
  }

  /** The address of this draft, so that a reload comes back to it. */
  private address(): void {
    const to = this.change ? `/incidents/${this.key}/edit` : `/incidents/new?id=${this.key}`;
    if (location.pathname + location.search !== to) history.replaceState(history.state, "", to);
  }

  private body(): URLSearchParams {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && !own.has(name)) body.append(name, value);
    return body;
  }

  private changed(): void {
    if (sending) return;
    this.seq = Math.max(Date.now(), this.seq + 1);
    this.address();
    this.store(false);
    this.schedule();
  }

  private schedule(): void {
    window.clearTimeout(this.timer);
    const now = Date.now();
    if (this.first === 0) this.first = now;
    this.timer = window.setTimeout(() => void this.send(), Math.max(0, Math.min(pause, this.first + longest - now)));
  }

  /** Keeps the form in this browser. */
  private store(kept: boolean): void {
    const local: Local = { seq: this.seq, form: this.body().toString(), place: cursor(this.form), kept, change: this.change };
    try {
      localStorage.setItem(this.name, JSON.stringify(local));
    } catch {
      // Full or forbidden: the server still keeps it.
    }
  }

  /** Keeps the form on the server, and files it when that is what waits. */
  private async send(): Promise<void> {
    window.clearTimeout(this.timer);
    if (sending) return;
    if (this.filing) {
      await this.file();
      return;
    }
    if (this.first === 0) return;
    const seq = this.seq;
    const began = this.first;
    this.first = 0;
    try {
      const asked = fetch(`/drafts/${this.key}`, { method: "PUT", body: this.parcel(), credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
      this.saving = asked.catch(() => undefined);
      const answer = await asked;
      if (answer.ok) {
        const { at } = (await answer.json()) as { at: string };
        this.say(`Kept on the server ${at}.`);
        if (seq === this.seq) this.store(true);
        return;
      }
      this.first = this.first || began;
      if (answer.status === 401 || answer.status === 409) this.signedOut(answer.status === 409);
      else this.say(`Kept in this browser only: the server answered ${answer.status}. It is tried again.`, true);
    } catch {
      this.first = this.first || began;
      this.lost();
    }
    this.timer = window.setTimeout(() => void this.send(), again);
  }

  private parcel(): URLSearchParams {
    const body = this.body();
    body.set("draft_seq", String(this.seq));
    body.set("draft_place", cursor(this.form));
    body.set("draft_owner", this.owner);
    return body;
  }

  /** The page goes away: the last words leave with it. */
  private leave(): void {
    if (sending || this.first === 0) return;
    void fetch(`/drafts/${this.key}`, { method: "PUT", body: this.parcel(), credentials: "same-origin", keepalive: true }).catch(() => undefined);
  }

  private lost(): void {
    this.say(this.filing ? "Not filed: the server cannot be reached. Your words are safe in this browser, and the report is filed by itself when the server is back. Keep this page open." : "The server cannot be reached. Your words are kept in this browser; go on typing.", true);
  }

  private signedOut(other: boolean): void {
    this.say(other ? `Somebody else is signed in now. Your words are kept in this browser for ${this.owner}. ` : "You are signed out. Your words are kept in this browser. ", true);
    const link = document.createElement("a");
    link.href = `/login?next=${encodeURIComponent(this.change ? location.pathname : `/incidents/new?id=${this.key}`)}`;
    link.textContent = "Sign in and go on";
    this.state?.append(link);
  }

  private submitted(event: SubmitEvent): void {
    const by = event.submitter;
    if (event.defaultPrevented || (by instanceof HTMLButtonElement && (by.name !== "" || by.formAction !== this.form.action))) return;
    event.preventDefault();
    if (this.filing && sending) return; // the second of two clicks
    this.filing = true;
    this.store(false);
    void this.file();
  }

  /** Files the report. Its id makes one incident of any number of tries. */
  private async file(): Promise<void> {
    if (sending) return;
    sending = true;
    window.clearTimeout(this.timer);
    this.say("Filing …");
    let done = false;
    await this.saving; // a save that arrived after the filing would bring the draft back
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: this.body(), credentials: "same-origin", headers: { Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname !== "/login") {
        done = true;
        try {
          localStorage.removeItem(this.name);
        } catch {
          /* nothing was kept, then */
        }
        this.first = 0;
        location.assign(answer.url);
      } else if (answer.status === 401 || answer.redirected) {
        this.signedOut(false);
      } else if (answer.status >= 500 || answer.status === 429) {
        this.say(`Not filed: the server answered ${answer.status}. It is tried again; your words are safe.`, true);
      } else {
        // Refused, and the page that says why is worth seeing: the browser
        // asks for it once more in its own way. Nothing was written.
        done = true;
        this.store(true);
        this.first = 0;
        this.form.submit();
      }
    } catch {
      this.lost();
    }
    if (done) return;
    sending = false;
    this.timer = window.setTimeout(() => void this.send(), again);
  }

  private say(text: string, trouble = false): void {
    if (!this.state) return;
    this.state.textContent = text;
    this.state.classList.toggle("trouble", trouble);
  }
}

/** Where the cursor stands: name, how many of that name stand before, selection. */
function cursor(form: HTMLFormElement): string {
  const el = document.activeElement;
  if (!(el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement) || el.form !== form || !el.name) return "";
  const index = sameName(form, el.name).indexOf(el);
  const start = "selectionStart" in el ? (el.selectionStart ?? "") : "";
  const end = "selectionEnd" in el ? (el.selectionEnd ?? "") : "";
  return [el.name, index, start, end].join(":");
}

function goTo(form: HTMLFormElement, place: string): boolean {
  const [name, index, start, end] = place.split(":");
  const el = name ? sameName(form, name)[Number(index)] : undefined;
  if (!el) return false;
  for (let d = el.closest("details"); d; d = d.parentElement?.closest("details") ?? null) d.open = true;
  el.focus();
  if (start && end && (el instanceof HTMLTextAreaElement || (el instanceof HTMLInputElement && el.type === "text"))) el.setSelectionRange(Number(start), Number(end));
  return true;
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function sameName(form: HTMLFormElement, name: string): Field[] {
  return [...form.querySelectorAll<Field>(`[name="${CSS.escape(name)}"]`)];
}

/** Puts the values of a kept form back, making rows where there are too few. */
function fillForm(form: HTMLFormElement, values: URLSearchParams): void {
  for (const name of new Set(values.keys())) {
    const wanted = values.getAll(name);
    for (let fields = sameName(form, name); fields.length < wanted.length; fields = sameName(form, name)) {
      const list = fields[0]?.closest<HTMLElement>("[data-repeat]");
      if (!list || !addEmptyRow(list)) break;
    }
    sameName(form, name).forEach((el, i) => {
      if (el instanceof HTMLInputElement && (el.type === "radio" || el.type === "checkbox")) el.checked = wanted.includes(el.value);
      else if (name !== "id" && name !== "base") el.value = wanted[i] ?? "";
    });
  }
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) if (!values.has(box.name)) box.checked = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
