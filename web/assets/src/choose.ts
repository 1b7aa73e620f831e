// Rows of a list that are chosen by ticks: all of the page at once, and with Shift
// those between two. What can be done with them is a form that needs no script.

/** Watches the ticks of the page, if there are any. */
export function startChoose(): void {
  const all = document.querySelector<HTMLInputElement>("[data-choose-all]");
  if (!all) return;
  all.hidden = false;
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>("[data-row] input[name=number]")];
  const say = () => {
    const list = boxes();
    const n = list.filter((b) => b.checked).length;
    all.checked = n > 0 && n === list.length;
    all.indeterminate = n > 0 && n < list.length;
  };
  let last: HTMLInputElement | undefined;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box === all) {
      for (const b of boxes()) b.checked = all.checked;
    } else if (box instanceof HTMLInputElement && box.matches("[data-row] input[name=number]")) {
      const list = boxes();
      if (event.shiftKey && last && list.includes(last)) {
        const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
        for (const b of list.slice(from, (to ?? 0) + 1)) b.checked = box.checked;
      }
      last = box;
    } else {
      return;
    }
    say();
  });
  document.addEventListener("reset", () => window.setTimeout(say, 0)); // the boxes are emptied after this
  window.addEventListener("pageshow", say); // a browser may bring ticks back
}
