// Pictures of the pages, for people to look at and for docs/screens:
//   node web/e2e/shoot.mjs OUTDIR [name=path …]
// FULL=1 takes whole pages at both widths, FULL=0 only what a window shows.
// Each page at 1440 and 390 px in both themes. {real} and {exercise} in a path
// stand for the ids of one real and one exercise incident.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { findIncident, openContext, overflow, sizes, startBrowser, startServer, themes, visit } from "./site.mjs";

const [out, ...asked] = process.argv.slice(2);
if (!out) { console.error("usage: node web/e2e/shoot.mjs OUTDIR [name=path …]"); process.exit(2); }
const all = { board: "/", incident: "/incidents/{real}", list: "/incidents", report: "/incidents/new", history: "/incidents/{real}/history", map: "/regions/baltic", maps: "/map", lines: "/lines", contacts: "/contacts", contact: "/contacts/new?incident={exercise}", help: "/help" };
const pages = asked.length ? Object.fromEntries(asked.map((a) => [a.split("=")[0], a.includes("=") ? a.slice(a.indexOf("=") + 1) : all[a]])) : all;

const jpeg = process.env.JPEG === "1"; // small enough to keep

await mkdir(out, { recursive: true });
const server = await startServer();
const browser = await startBrowser();
try {
  const real = await findIncident(browser, server, "q=MQ-9");
  const exercise = await findIncident(browser, server, "exercise=only&severity=high_risk");
  for (const theme of themes) for (const [width, size] of Object.entries(sizes)) {
    const context = await openContext(browser, server, { user: "supervisor", theme, size });
    for (const [name, where] of Object.entries(pages)) {
      const page = await context.newPage();
      await visit(page, where.replace("{real}", real).replace("{exercise}", exercise));
      const wide = await overflow(page);
      if (wide > 0) console.log(`${name} ${theme} ${width}: ${wide} px too wide`);
      const file = path.join(out, `${name}-${theme}-${size.width}.${jpeg ? "jpg" : "png"}`);
      await page.screenshot({ path: file, fullPage: process.env.FULL ? process.env.FULL === "1" : width === "phone", ...(jpeg ? { type: "jpeg", quality: 72 } : {}) });
      await page.close();
    }
    for (const f of context.faults) console.log(f);
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
