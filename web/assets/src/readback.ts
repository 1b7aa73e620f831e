// The readback beside a report is kept up with what is typed. The server says
// it, from the same form that "Read it back" sends: one rule, one wording.

/** How long to wait after the last change, in milliseconds. */
const pause = 500;

/** Watches the report form of the page, if there is one. */
export function startReadback(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-readback]");
  const panel = document.getElementById("readback");
  if (!form || !panel) return;
  let waiting = 0;
  let asked: AbortController | undefined;
  const again = () => {
    window.clearTimeout(waiting);
    asked?.abort();
    waiting = window.setTimeout(() => {
      asked = new AbortController();
      void say(form, panel, asked.signal);
    }, pause);
  };
  form.addEventListener("input", again);
  form.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-repeat-remove]")) again();
  });
}

async function say(form: HTMLFormElement, panel: HTMLElement, signal: AbortSignal): Promise<void> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.set("add", "readback"); // files nothing
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal, credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("readback");
    if (said) panel.replaceChildren(...said.childNodes);
  } catch {
    // An old readback is better than none; the form itself is not touched.
  }
}
