// Buttons that copy the address of the page. Without a script they are not
// there; the address stands in the browser's own bar.
import { announce } from "./live";

/** Shows the buttons and makes them copy. */
export function startCopy(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = location.href.split("#")[0] ?? "";
  const done = await toClipboard(text);
  button.textContent = done ? "Address copied" : "Copy it from the address bar";
  announce(button.textContent);
}

/** The clipboard is there only over TLS or on this machine; elsewhere a field is selected and copied. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "vh";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
