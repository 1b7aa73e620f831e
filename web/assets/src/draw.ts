// The button beside the position that opens a map under it. The map itself is
// large and is loaded when it is asked for, never before: nobody who types a
// position waits for it.

const place = document.querySelector<HTMLElement>("[data-draw]");
const field = document.querySelector<HTMLInputElement>("input[name=position]");
if (place && field) offer(place, field);

function offer(place: HTMLElement, field: HTMLInputElement): void {
  const panel = document.createElement("section");
  panel.className = "drawpanel";
  panel.id = "draw-panel";
  panel.dataset["drawPanel"] = "";
  panel.hidden = true;
  panel.setAttribute("aria-label", "Position on the map");
  place.append(panel);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.dataset["drawButton"] = "";
  button.textContent = "Map";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", panel.id);
  button.setAttribute("aria-keyshortcuts", "Alt+M");
  field.after(button);
  const turn = (open: boolean): void => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) {
      field.focus();
      return;
    }
    load(place, panel);
    panel.querySelector<HTMLElement>(".drawmap")?.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  };
  button.addEventListener("click", () => turn(panel.hidden === true));
  panel.addEventListener("drawclose", () => turn(false));
  document.addEventListener("keydown", (event) => {
    // The code, since Alt changes the letter on some boards.
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyM" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    turn(panel.hidden === true);
    if (!panel.hidden && !panel.contains(document.activeElement)) button.focus();
  });
}

/** Asks for the map and its looks, once. */
function load(place: HTMLElement, panel: HTMLElement): void {
  if (panel.childNodes.length > 0) return;
  panel.textContent = "Loading the map …";
  const looks = document.createElement("link");
  looks.rel = "stylesheet";
  looks.href = place.dataset["drawStyle"] ?? "";
  const script = document.createElement("script");
  script.src = place.dataset["draw"] ?? "";
  script.addEventListener("error", () => {
    panel.textContent = "The map cannot be loaded. Type the position instead.";
  });
  document.head.append(looks, script);
}
