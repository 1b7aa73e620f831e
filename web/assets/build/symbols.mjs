// Draws the symbols of APP-6 into one sprite: node symbols.mjs OUT.svg
// A symbol is a frame, which tells the side, and an icon, which tells the task;
// its id is side-task. There is no colour in it but that of the text around it,
// so that every theme and paper show it. What it draws is milsymbol's (MIT), and
// is made with every build rather than kept.
import { writeFileSync } from "node:fs";
import ms from "milsymbol";

/** The digit of the standard identity (APP-6, digit 4). */
const sides = { friend: 3, neutral: 4, unknown: 1 };

/** Symbol set and entity (APP-6, digits 5-6 and 11-16). */
const tasks = {
  fighter: ["01", "110104"],
  bomber: ["01", "110103"],
  patrol: ["01", "110110"],
  recon: ["01", "110111"],
  warning: ["01", "110116"],
  tanker: ["01", "110109"],
  transport: ["01", "110107"],
  helicopter: ["01", "110200"],
  UAV: ["01", "110300"],
  civil: ["01", "120000"],
  aircraft: ["01", "000000"],
  ship: ["30", "120000"],
  installation: ["20", "000000"],
};

const symbols = [];
for (const [side, identity] of Object.entries(sides))
  for (const [task, [set, entity]] of Object.entries(tasks)) {
    const symbol = new ms.Symbol(`100${identity}${set}0000${entity}0000`, { size: 40, monoColor: "currentColor", fill: false, strokeWidth: 7, fontfamily: "B612, DejaVu Sans, sans-serif" });
    const parts = /^<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)<\/svg>$/s.exec(symbol.asSVG());
    if (!symbol.isValid() || !parts) throw new Error(`milsymbol cannot draw ${side}-${task}`);
    symbols.push(`<symbol id="${side}-${task}" viewBox="${parts[1]}">${parts[2]}</symbol>`);
  }
writeFileSync(process.argv[2], `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
