// What stands beside a report is kept up with what is typed: the readback, and
// the incidents that may be the same. The server says it, from the same form
// that "Read it back" sends: one rule, one wording.

import { released } from "./press";

/** How long to wait after the last change, in milliseconds. */
const pause = 500;

/** Watches the report form of the page, if there is one. */
export function startReadback(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-readback]");
  if (!form || !document.querySelector("[data-said]")) return;
  let waiting = 0;
  let asked: AbortController | undefined;
  let picked = false; // a choice between versions changes the fields as well
  const again = (wait = pause) => {
    window.clearTimeout(waiting);
    asked?.abort();
    waiting = window.setTimeout(() => {
      asked = new AbortController();
      const { signal } = asked;
      void ask(form, signal).then(async (page) => {
        await released();
        if (!page || signal.aborted) return;
        say(page);
        if (picked) follow(form, page);
        picked = false;
      });
    }, wait);
  };
  form.addEventListener("input", (event) => {
    const pick = event.target instanceof HTMLInputElement && /^(pick|take)\./.test(event.target.name);
    picked ||= pick;
    again(pick ? 0 : pause);
  });
  form.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-repeat-remove]")) again();
  });
}

/** Asks the server for the page of the form as it stands; nothing is filed. */
async function ask(form: HTMLFormElement, signal: AbortSignal): Promise<Document | undefined> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.set("add", "readback");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal, credentials: "same-origin", headers: { Accept: "text/html" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
  } catch {
    return undefined; // An old readback is better than none; the form itself is not touched.
  }
}

/** Shows what the server says; what is unchanged stays, and is not read out again. */
function say(page: Document): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-said]")) {
    const said = page.getElementById(place.id);
    if (said && said.innerHTML !== place.innerHTML) place.replaceChildren(...said.childNodes);
  }
}

/** Puts what was chosen between two versions into the fields, and marks it in the table. */
function follow(form: HTMLFormElement, page: Document): void {
  for (const rows of form.querySelectorAll<HTMLElement>("[data-repeat]")) {
    const theirs = fieldOf(page, rows.querySelector("[data-repeat-row] [id]"))?.closest<HTMLElement>("[data-repeat]");
    if (theirs && rowCount(theirs) !== rowCount(rows)) rows.replaceWith(document.importNode(theirs, true));
  }
  for (const field of form.elements) {
    if (field.getAttribute("name")?.startsWith("draft_")) continue; // of this page, not of the report
    const said = fieldOf(page, field);
    if (field instanceof HTMLInputElement && said instanceof HTMLInputElement) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = said.checked;
      else if (field.type !== "hidden") field.value = said.value;
    } else if (field instanceof HTMLTextAreaElement && said instanceof HTMLTextAreaElement) {
      field.value = said.value;
    } else if (field instanceof HTMLSelectElement && said instanceof HTMLSelectElement) {
      field.value = said.value;
    } else if (field instanceof HTMLOutputElement && said instanceof HTMLOutputElement) {
      field.textContent = said.textContent;
      field.classList.remove("no"); // how the value that was chosen is read
    }
  }
  for (const cell of form.querySelectorAll<HTMLElement>("[data-version]")) cell.className = page.getElementById(cell.id)?.className ?? cell.className;
}

function fieldOf(page: Document, field: Element | null): HTMLElement | null {
  return field?.id ? page.getElementById(field.id) : null;
}

function rowCount(list: Element): number {
  return list.querySelectorAll("[data-repeat-row]").length;
}
