// Every page in each theme, twice at the desk and twice on a phone: no
// accessibility violation (axe, WCAG 2.2 A and AA), no console error, no request
// to another host, nothing wider than the window.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, findIncident, openContext, overflow, sizes, startBrowser, startServer, themes, visit } from "./site.mjs";

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
  pages = ["/", "/incidents", "/incidents?region=pacific", "/incidents?q=nothing-like-it", "/incidents/new", `/incidents/${real}`, `/incidents/${exercise}`, `/incidents/${real}?as_of=${new Date().toISOString()}`,
    `/incidents/${real}/history`, `/incidents/${real}/edit`, "/map", "/regions/baltic", "/regions/norwegian", "/regions/black", "/lines", line, "/contacts", contact,
    `/contacts/new?incident=${exercise}`, "/help", "/no/such/page", "/verify", `/incidents/${real}/verify`, "/retractions", "/retractions?since=yesterday", "/drafts", "/profile", `/incidents/new?from=${real}`];
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const [i, theme] of themes.entries())
  for (const [w, [width, size]] of Object.entries(sizes).entries())
    test(`${theme}, ${width}`, async () => {
      const context = await openContext(browser, server, { user: "supervisor", theme, size });
      const wrong = [];
      const queue = pages.filter((_, p) => (i + p) % 2 === w); // its neighbours in the list are seen at the other width
      const worker = async () => {
        for (let where = queue.shift(); where; where = queue.shift()) {
          const page = await context.newPage();
          await visit(page, where);
          for (const v of await axe(page)) wrong.push(`${where}: ${v}`);
          const wide = await overflow(page);
          if (wide > 0) wrong.push(`${where}: ${wide} px wider than the window`);
          if (width === "phone") {
            // 400 % zoom of a 1280 px window (WCAG 1.4.10)
            await page.setViewportSize({ width: 320, height: 640 });
            const zoomed = await overflow(page);
            if (zoomed > 0) wrong.push(`${where}: ${zoomed} px wider than 320 px`);
          }
          await page.close();
        }
      };
      await Promise.all([worker(), worker()]);
      const out = await openContext(browser, server, { theme, size });
      const login = await out.newPage();
      await login.goto("/login");
      for (const v of await axe(login)) wrong.push(`/login: ${v}`);
      assert.deepEqual([...wrong, ...context.faults, ...out.faults], []);
      await out.close();
      await context.close();
    });
