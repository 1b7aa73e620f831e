// The map on which the position of a report is drawn. It stands between the
// field and the chart: what is drawn becomes the text of the field, and what is
// typed there moves the mark. Loaded when the map is opened for the first time.
import { DrawChart, type Owner, type Place } from "./drawchart";
import type { Sea, SeaName } from "./mapbase";
import { pointText, shapeText, withinText, type Shape } from "./positiontext";

interface Seas {
  seas: (Sea & { name: string })[];
  names: SeaName[];
}

interface Answer {
  geometry?: object;
  uncertainty_nm?: number;
  region?: string;
}

/** How long to wait for the next letter, in milliseconds. */
const pause = 250;

/** How far an arrow key moves the cross hair, px; with Shift the lesser. */
const steps = { far: 10, near: 1 };

const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const hints: Record<Shape, string> = {
  point: "Click, or arrow keys and Enter, to set the position.",
  track: "Click, or arrow keys and Enter, for each position. Twice on the last one ends the track; Esc takes it back.",
  area: "Click, or arrow keys and Enter, for each corner. Twice on the last one ends the area; Esc takes it back.",
};

class DrawMap implements Owner {
  private readonly seas: Seas;
  private readonly target = element("div", "drawmap");
  private readonly hint = element("p", "drawhint");
  private readonly where = element("p", "drawat mono");
  private readonly end: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private chart: DrawChart | undefined;
  private region = "";
  private shape: Shape = "point";
  private written = ""; // what the map itself put into the field
  private within = ""; // and how well it said that to be known
  private waiting = 0;
  private asked: AbortController | undefined;

  constructor(private readonly panel: HTMLElement, private readonly field: HTMLInputElement, seas: string) {
    this.seas = JSON.parse(seas) as Seas;
    this.end = button("Finish", () => this.chart?.finish());
    this.back = button("Take back", () => this.chart?.undo());
    this.target.tabIndex = 0;
    // An application: arrow keys, Enter and letters are its own, not the page's.
    this.target.setAttribute("role", "application");
    this.target.setAttribute("aria-label", "Map of the position");
    this.hint.id = "draw-hint";
    this.target.setAttribute("aria-describedby", this.hint.id);
    const tools = element("div", "drawtools");
    tools.append(
      segment("draw-tool", "Draw", [["point", "Point"], ["track", "Track"], ["area", "Area"]], (v) => this.use(v as Shape)),
      segment("draw-sea", "Sea", this.seas.seas.map((s) => [s.region, s.name]), (v) => void this.open(v)),
      this.end,
      this.back,
    );
    const foot = element("div", "drawfoot");
    foot.append(this.hint, this.where);
    panel.replaceChildren(tools, this.target, foot);
    this.listen();
    this.use("point");
  }

  /** Opens the sea of the position in the field, or the first one. */
  async start(): Promise<void> {
    const answer = await this.ask();
    await this.open(answer?.region ?? "", answer);
    if (document.activeElement?.matches("[data-draw-button]") || document.activeElement === document.body) this.target.focus({ preventScroll: true });
    this.panel.scrollIntoView({ block: "nearest" }); // it has grown since it was opened
  }

  drawn(shape: Shape, corners: number[][], metres: number): void {
    const notation = notationOf();
    this.written = shapeText(shape, corners, notation, metres);
    const uncertainty = this.field.form?.elements.namedItem("uncertainty");
    // A hand's own estimate follows the hand; what a person wrote stays.
    if (uncertainty instanceof HTMLInputElement && (uncertainty.value.trim() === "" || uncertainty.value === this.within)) {
      this.within = withinText(notation, metres);
      put(uncertainty, this.within);
    }
    put(this.field, this.written);
    announce(`Position set: ${this.written}`);
  }

  unfinished(corners: number): void {
    this.end.hidden = this.back.hidden = this.shape === "point";
    this.end.disabled = corners < (this.shape === "area" ? 3 : 2);
    this.back.disabled = corners === 0;
    this.hint.textContent = hints[this.shape];
  }

  at(position: number[], metres: number, keyed: boolean): void {
    this.where.textContent = pointText(position, notationOf(), metres);
    if (keyed) announce(this.where.textContent);
  }

  say(text: string): void {
    this.hint.textContent = text;
    announce(text);
  }

  private use(shape: Shape): void {
    this.shape = shape;
    this.chart?.use(shape);
    this.unfinished(0);
  }

  /** Shows a sea; the position of an answer too, and looks at it. */
  private async open(region: string, answer?: Answer): Promise<void> {
    const sea = this.seas.seas.find((s) => s.region === region) ?? this.seas.seas[0];
    if (!sea) throw new Error("no sea to show");
    this.region = sea.region;
    for (const radio of this.panel.querySelectorAll<HTMLInputElement>("[name=draw-sea]")) radio.checked = radio.value === sea.region;
    this.chart?.dispose();
    const chart = new DrawChart(this.target, sea, this);
    this.chart = chart;
    this.use(this.shape);
    await chart.start(this.seas.names);
    if (chart === this.chart) this.show(answer ?? (await this.ask()), answer !== undefined);
  }

  private listen(): void {
    this.target.addEventListener("keydown", (event) => this.key(event));
    this.target.addEventListener("focus", () => this.target.matches(":focus-visible") && this.chart?.showCross());
    this.target.addEventListener("blur", () => this.chart?.hideCross());
    // The tools are no part of the report: it is not read again for them.
    for (const name of ["input", "change"]) this.panel.addEventListener(name, (event) => event.stopPropagation());
    this.field.form?.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement && ["position", "uncertainty"].includes(event.target.name)) this.again();
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.target || event.ctrlKey || event.altKey || event.metaKey || !this.chart) return;
    const arrow = arrows[event.key];
    const step = event.shiftKey ? steps.near : steps.far;
    if (arrow) this.chart.move(arrow[0] * step, arrow[1] * step);
    else if (event.key === "Enter") this.chart.enter();
    else if (event.key === "Backspace") this.chart.undo();
    else if (event.key === "+" || event.key === "=") this.chart.zoom(1);
    else if (event.key === "-") this.chart.zoom(-1);
    else if (event.key === "0") this.chart.goHome();
    else if (event.key === "Escape") this.chart.takeBack() || this.panel.dispatchEvent(new CustomEvent("drawclose"));
    else return;
    event.preventDefault();
  }

  /** Reads the field again once its typist rests. */
  private again(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.redraw(), pause);
  }

  private async redraw(): Promise<void> {
    const answer = await this.ask();
    if (!answer) return;
    const typed = this.field.value !== this.written;
    const elsewhere = answer.region !== this.region && this.seas.seas.some((s) => s.region === answer.region);
    if (typed && elsewhere) await this.open(answer.region ?? "", answer);
    else this.show(answer, typed);
  }

  /** How the server reads the field; undefined when a later question has taken its place. */
  private async ask(): Promise<Answer | undefined> {
    this.asked?.abort();
    const ask = (this.asked = new AbortController());
    const text = this.field.value.trim();
    if (text === "") return {};
    try {
      const answer = await fetch(`/read/position?${new URLSearchParams({ text }).toString()}`, { signal: ask.signal, credentials: "same-origin", headers: { Accept: "application/json" } });
      return answer.ok ? ((await answer.json()) as Answer) : {};
    } catch {
      return ask.signal.aborted ? undefined : {};
    }
  }

  private show(answer: Answer | undefined, look: boolean): void {
    this.chart?.place(this.placeOf(answer), look);
  }

  /** What a person says of the uncertainty counts before what the text leaves open. */
  private placeOf(answer: Answer | undefined): Place | null {
    if (!answer?.geometry) return null;
    const uncertainty = this.field.form?.elements.namedItem("uncertainty");
    const said = uncertainty instanceof HTMLInputElement ? Number(uncertainty.value) : 0;
    return { geometry: answer.geometry, uncertaintyNM: said > 0 ? said : (answer.uncertainty_nm ?? 0) };
  }
}

/** How this officer wants positions written. */
function notationOf(): string {
  return document.documentElement.dataset["notation"] ?? "dm";
}

/** Writes into a field as if it had been typed, so that all who listen hear it. */
function put(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function announce(text: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** A segment as the forms have it. Its radios belong to no form, so that nothing of it is sent. */
function segment(name: string, label: string, choices: [string, string][], choose: (value: string) => void): HTMLElement {
  const box = element("fieldset", "f keep");
  box.dataset["segment"] = "";
  const seg = element("div", "seg");
  for (const [value, word] of choices) {
    const radio = element("input", "");
    radio.type = "radio";
    radio.name = name;
    radio.value = value;
    radio.checked = seg.childElementCount === 0;
    radio.setAttribute("form", "none");
    radio.addEventListener("change", () => choose(value));
    const choice = element("label", "");
    choice.append(radio, element("span", "", word));
    seg.append(choice);
  }
  box.append(element("legend", "label", label), seg);
  return box;
}

function button(text: string, run: () => void): HTMLButtonElement {
  const b = element("button", "btn", text);
  b.type = "button";
  b.addEventListener("click", run);
  return b;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text) el.textContent = text;
  return el;
}

const panel = document.querySelector<HTMLElement>("[data-draw-panel]");
const field = document.querySelector<HTMLInputElement>("input[name=position]");
if (panel && field) {
  const seas = document.querySelector<HTMLElement>("[data-draw-seas]")?.dataset["drawSeas"] ?? "{}";
  new DrawMap(panel, field, seas).start().catch((error: unknown) => {
    panel.textContent = "The map cannot be shown. Type the position instead.";
    console.error("draw", error);
  });
}
