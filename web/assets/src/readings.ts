// A time, a position or a schedule is read back beside its field while it is typed. The
// server reads it, so that the reading is the one that will be filed.

import { released } from "./press";

interface Reading {
  reading?: string;
  error?: string;
  warnings?: string[];
  choices?: string[];
}

/** How long to wait for the next letter, in milliseconds. */
const pause = 250;

const addresses: Record<string, string> = { time: "/read/time", position: "/read/position", schedule: "/read/schedule" };

/** Watches every field with data-read. */
export function startReadings(): void {
  const waiting = new WeakMap<HTMLInputElement, number>();
  const asked = new WeakMap<HTMLInputElement, AbortController>();
  const again = (input: HTMLInputElement) => {
    window.clearTimeout(waiting.get(input));
    asked.get(input)?.abort();
    waiting.set(
      input,
      window.setTimeout(() => {
        const ask = new AbortController();
        asked.set(input, ask);
        void read(input, ask.signal);
      }, pause),
    );
  };
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-read]")) again(event.target);
  });
  // How precisely a time is known changes how it is read.
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)) return;
    const { name, form } = event.target;
    if (!name.endsWith("_precision") || !form) return;
    const time = form.elements.namedItem(name.slice(0, -"_precision".length));
    if (time instanceof HTMLInputElement && time.dataset["read"] === "time") again(time);
  });
}

async function read(input: HTMLInputElement, signal: AbortSignal): Promise<void> {
  const output = document.getElementById(`${input.id}-read`);
  const address = addresses[input.dataset["read"] ?? ""];
  if (!output || !address) return;
  const text = input.value.trim();
  if (text === "") {
    show(output, {});
    return;
  }
  const query = new URLSearchParams({ text });
  const precision = input.form?.elements.namedItem(`${input.name}_precision`);
  if (precision instanceof RadioNodeList || precision instanceof HTMLSelectElement) query.set("precision", precision.value);
  try {
    const answer = await fetch(`${address}?${query.toString()}`, { signal, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const reading = (await answer.json()) as Reading;
    await released();
    if (signal.aborted) return;
    show(output, reading);
    offer(output, input, reading.choices ?? []);
  } catch {
    // Silence of the server is no mistake of the one who types; the form reads
    // the field again when it is sent.
    if (!signal.aborted) show(output, {});
  }
}

/** What may have been meant is one key away: Tab, Enter. */
function offer(output: HTMLElement, input: HTMLInputElement, choices: string[]): void {
  for (const text of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn sm";
    button.textContent = text;
    button.addEventListener("click", () => {
      input.value = text.replace(/\s*…$/, " ");
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    output.append(button, " ");
  }
}

function show(output: HTMLElement, { reading, error, warnings }: Reading): void {
  output.classList.toggle("no", Boolean(error));
  output.textContent = "";
  if (!reading && !error) return;
  const box = document.createElement("span");
  if (reading) {
    const strong = document.createElement("b");
    strong.textContent = reading;
    box.append(strong);
  }
  for (const line of error ? [error] : (warnings ?? [])) {
    const rest = document.createElement("span");
    rest.className = "warn";
    rest.textContent = line;
    box.append(rest, " ");
  }
  output.append(box);
}
