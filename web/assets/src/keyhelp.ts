// The list of keys behind "?". It is made from what is on the page, so it can
// never name a key that does nothing.
import { bindings, formKeys, labels, lettersOn, setLetters, visible } from "./keys";

let dialog: HTMLDialogElement | undefined;

/** Opens the list, or closes it. */
export function toggleHelp(): void {
  if (dialog?.open) {
    dialog.close();
    return;
  }
  dialog?.remove();
  dialog = build();
  document.body.append(dialog);
  dialog.showModal();
}

function build(): HTMLDialogElement {
  const box = element("dialog", "keyhelp");
  box.setAttribute("aria-labelledby", "keyhelp-title");
  const head = element("header");
  const title = element("h2", "", "Keys of this page");
  title.id = "keyhelp-title";
  const close = element("button", "btn sm", "Close ");
  close.type = "button";
  close.append(element("kbd", "", "Esc"));
  close.addEventListener("click", () => box.close());
  head.append(title, close);
  box.append(head, list(), choice());
  // "?" closes what "?" opened, and must not open it again on its way up.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    box.close();
  });
  return box;
}

function list(): HTMLElement {
  const dl = element("dl", "keylist");
  for (const [keys, label] of present()) {
    const dt = element("dt");
    for (const key of keys.split(" ")) dt.append(element("kbd", "", key.length === 1 ? key.toUpperCase() : key));
    dl.append(dt, element("dd", "", label));
  }
  return dl;
}

/** Every key that does something here, each once, letters before chords. */
function present(): Map<string, string> {
  const found = new Map<string, string>();
  for (const el of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = el.dataset["key"] ?? "";
    if (found.has(key) || !visible(el)) continue;
    found.set(key, labels[key] ?? nameOf(el));
  }
  for (const b of bindings) if (b.there()) found.set(b.keys, b.label);
  for (const k of formKeys) if (document.querySelector(k.selector)) found.set(k.keys, k.label);
  return found;
}

/** What an element is called, without the key that is drawn on it. */
function nameOf(el: HTMLElement): string {
  const copy = el.cloneNode(true) as HTMLElement;
  for (const kbd of copy.querySelectorAll("kbd")) kbd.remove();
  const text = copy.textContent?.trim() ?? "";
  return (text || el.getAttribute("aria-label") || document.querySelector(`label[for="${CSS.escape(el.id)}"]`)?.textContent?.trim() || "").toLowerCase();
}

function choice(): HTMLElement {
  const foot = element("footer");
  const label = element("label", "ck");
  const box = element("input");
  box.type = "checkbox";
  box.checked = lettersOn();
  box.disabled = document.documentElement.dataset["keys"] === "off";
  box.addEventListener("change", () => setLetters(box.checked));
  label.append(box, "Single letters are shortcuts at this desk");
  foot.append(label);
  return foot;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text) el.textContent = text;
  return el;
}
