// Rows that repeat: one more aircraft, source or claim. Without a script the
// same button asks the server for one more row.

let made = 0;

/** Takes over the add and remove buttons of every [data-repeat]. */
export function startRepeats(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-repeat]")) {
    for (const row of list.querySelectorAll<HTMLElement>("[data-repeat-row]")) addRemover(row);
  }
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-repeat-add], [data-repeat-remove]");
    const list = button?.closest<HTMLElement>("[data-repeat]");
    if (!button || !list) return;
    if (button.matches("[data-repeat-add]")) {
      if (addRow(list)) event.preventDefault();
    } else {
      event.preventDefault();
      removeRow(button);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.altKey || !(event.target instanceof Element)) return;
    const list = event.target.closest<HTMLElement>("[data-repeat]");
    if (list && addRow(list)) event.preventDefault();
  });
}

/** Adds an empty row from the template and puts the cursor into it. */
function addRow(list: HTMLElement): boolean {
  const row = addEmptyRow(list);
  row?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  return row !== undefined;
}

/** Adds an empty row from the template. */
export function addEmptyRow(list: HTMLElement): HTMLElement | undefined {
  const template = list.querySelector<HTMLTemplateElement>(":scope > template");
  if (!template) return undefined;
  const piece = template.content.cloneNode(true) as DocumentFragment;
  number(piece, list.querySelectorAll("[data-repeat-row]").length + 1000 * ++made);
  const row = piece.querySelector<HTMLElement>("[data-repeat-row]");
  const rows = list.querySelectorAll<HTMLElement>(":scope > [data-repeat-row]");
  const last = rows[rows.length - 1];
  if (last) last.after(piece);
  else template.before(piece);
  if (row) addRemover(row);
  return row ?? undefined;
}

/** Gives ids and names of a new row a number that no other row has. */
function number(piece: DocumentFragment, n: number): void {
  for (const el of piece.querySelectorAll("*")) {
    for (const attribute of [...el.attributes]) {
      if (attribute.value.includes("__i__")) attribute.value = attribute.value.replaceAll("__i__", String(n));
    }
  }
}

/** A row can be taken out again; the server's own rows may simply stay empty. */
function addRemover(row: HTMLElement): void {
  if (row.querySelector("[data-repeat-remove]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn sm";
  button.dataset["repeatRemove"] = "";
  button.textContent = "Remove";
  row.append(button);
}

function removeRow(button: Element): void {
  const row = button.closest<HTMLElement>("[data-repeat-row]");
  const list = row?.closest("[data-repeat]");
  if (!row || !list) return;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-repeat-row]")];
  const at = rows.indexOf(row);
  if (rows.length === 1) {
    for (const el of row.querySelectorAll<HTMLInputElement>("input, select, textarea")) el.value = "";
    row.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return;
  }
  const next = rows[at + 1] ?? rows[at - 1];
  row.remove();
  next?.querySelector<HTMLElement>("input, select, textarea")?.focus();
}
