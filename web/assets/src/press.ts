// A click is lost when what is under the pointer moves between press and release:
// leaving a field asks the server, and its answer pushes the button away that was
// pressed. So whatever comes by itself waits until the pointer is up.

/** A pointer that went up outside the window is not waited for longer, in milliseconds. */
const longest = 1000;
/** A click comes a little after the release, of a finger above all, in milliseconds. */
const click = 60;

let down: Promise<void> | undefined;
let up: (() => void) | undefined;

/** Watches the pointer. */
export function startPress(): void {
  document.addEventListener("pointerdown", press, { capture: true, passive: true });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => window.setTimeout(() => up?.(), click), { capture: true, passive: true });
}

function press(): void {
  up?.();
  const pressed = new Promise<void>((resolve) => {
    const timer = window.setTimeout(() => up?.(), longest);
    up = () => {
      window.clearTimeout(timer);
      up = down = undefined;
      resolve();
    };
  });
  down = pressed;
}

/** Comes at once, or when the pointer that is down is up again. */
export async function released(): Promise<void> {
  while (down) await down;
}
