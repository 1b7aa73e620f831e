// Every page in each theme, at the desk and on a phone: no
// accessibility violation (axe, WCAG 2.2 A and AA), no console error, no request
// to another host, nothing wider than the window.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, colourRules, findIncident, openContext, overflow, sizes, startBrowser, startServer, themes, visit } from "./site.mjs";

let server, browser, pages;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  const real = await findIncident(browser, server, "q=MQ-9");
  const exercise = await findIncident(browser, server, "exercise=only&severity=high_risk");
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/lines");
  const line = await page.locator("main a[href^='/lines/']").first().getAttribute("href");
  await page.goto("/contacts");
  const contact = await page.locator("main a[href^='/contacts/0']").first().getAttribute("href");
  await context.close();
  pages = ["/", "/incidents", "/incidents?region=pacific", "/incidents?q=nothing-like-it", "/incidents/difference?as_of=2020-01-01T00:00Z", "/incidents/difference", `/incidents?as_of=${new Date().toISOString()}`, "/incidents/new", `/incidents/${real}`, `/incidents/${exercise}`, `/incidents/${real}?as_of=${new Date().toISOString()}`,
    `/incidents/${real}/history`, `/incidents/${real}/edit`, "/map", "/regions/baltic", "/regions/norwegian", "/regions/black", "/lines", line, "/contacts", contact,
    `/contacts/new?incident=${exercise}`, "/help", "/no/such/page", "/verify", `/incidents/${real}/verify`, "/retractions", "/retractions?since=yesterday", "/drafts", "/profile", `/incidents/new?from=${real}`,
    `/incidents/${real}/timeline`, `/calls/new?incident=${exercise}`, "/sheets", "/sheets/ru/edit", "/journal", "/journal?form=1594", "/journal/new", "/shifts", "/shifts/new", "/handover", "/handovers", "/changes",
    "/alarms", "/alarms/log", "/alarms/figures", "/lines/new", `${line}/edit`, `${line}/test`, "/export", "/export?severity=high_risk&region=black", "/import", "/admin", "/users", "/users/officer", "/audit", "/policies", "/policies/new",
    ...["", "/collections", "/collections/incidents", "/collections/incidents/items", `/collections/incidents/items/${exercise}`, "/collections/incidents/schema", "/collections/contacts/items", "/api", "/conformance"].map((at) => `/ogc${at}?f=html`)];
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What is wrong with a page, in every theme: what does not hang on colours is looked at once at each width. */
async function look(context, where, turn) {
  const wrong = [], page = await context.newPage();
  const dress = (theme) => page.evaluate((t) => { document.documentElement.dataset.theme = t; }, theme);
  const say = (what, list) => wrong.push(...list.map((v) => `${where}, ${what}: ${v}`));
  const first = themes[turn % themes.length];
  await visit(page, where);
  for (const theme of themes) {
    await dress(theme);
    say(`${theme}, desk`, await axe(page, theme === first ? undefined : colourRules));
  }
  await page.setViewportSize(sizes.phone);
  say(`${first}, phone`, await axe(page));
  // 320 px is 400 % zoom of a window of 1280 px (WCAG 1.4.10)
  for (const width of [sizes.desk.width, sizes.phone.width, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await overflow(page);
    if (wide > 0) wrong.push(`${where}: ${wide} px wider than ${width} px`);
  }
  await page.close();
  return wrong;
}

test("every page in every theme, at the desk and on a phone", async () => {
  const context = await openContext(browser, server, { user: "admin", size: sizes.desk });
  const wrong = [], queue = [...pages.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) wrong.push(...(await look(context, next[1], next[0])));
  };
  await Promise.all([worker(), worker()]);
  const out = await openContext(browser, server, { size: sizes.desk });
  wrong.push(...(await look(out, "/login", 0)));
  assert.deepEqual([...wrong, ...context.faults, ...out.faults], []);
  await out.close();
  await context.close();
});
