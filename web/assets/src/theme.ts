// The look changes without loading the page again. The server keeps the choice
// in a cookie all the same; without a script the form does it all.

/** Takes over the theme forms of the head. */
export function startThemes(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-theme-form]")) return;
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void choose(form, button);
  });
}

async function choose(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const theme = button.value;
  const body = new URLSearchParams({ theme, back: location.pathname + location.search });
  try {
    // The answer is a way back to this page, which is already here.
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
  } catch {
    form.submit(); // let the browser say what is wrong
    return;
  }
  document.documentElement.dataset["theme"] = theme;
  for (const b of document.querySelectorAll<HTMLButtonElement>("[data-theme-form] button")) {
    b.setAttribute("aria-pressed", String(b.value === theme));
  }
  // Drawn maps take their colours from the tokens and must draw again.
  document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
}
