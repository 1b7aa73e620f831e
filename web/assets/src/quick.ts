// Forms of a row that are sent by one key: claim and flag. The page stays where
// it is, and the row says what came of it as it says any other change.
import { announce } from "./live";

/** Takes over the forms marked data-quick. It must start before forms.ts shuts them. */
export function startQuick(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-quick]")) return;
    event.preventDefault();
    void send(form);
  });
}

const under = new WeakSet<HTMLFormElement>();

async function send(form: HTMLFormElement): Promise<void> {
  if (under.has(form)) return;
  under.add(form);
  const row = form.closest("[data-row]");
  row?.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    // The answer is a way back to this page, which is already here.
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    document.dispatchEvent(new CustomEvent<string[]>("logchange", { detail: ["incident"] }));
  } catch {
    announce("It was not kept.");
    form.submit(); // let the browser say what is wrong
  } finally {
    under.delete(form);
    row?.removeAttribute("aria-busy");
  }
}
