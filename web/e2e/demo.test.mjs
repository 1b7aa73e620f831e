// The made-up night, replayed while a board looks on: ten hours in some seconds.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { startServer, startBrowser, openContext, command } from "./site.mjs";

let browser, server;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the board follows a busy night: rows come, change and go, none stands there twice; all are exercises", async () => {
  const context = await openContext(browser, server, { user: "analyst" });
  const page = await context.newPage();
  await page.goto("/");
  // Everything that the board shows in between is noted, not only its end.
  await page.evaluate(() => {
    window.kept = document.querySelector("main");
    window.seen = { most: 0, twice: [], words: {} };
    const look = () => {
      const rows = [...document.querySelectorAll("[data-testid=strip]")];
      const ids = rows.map((r) => r.dataset.incident);
      window.seen.most = Math.max(window.seen.most, rows.length);
      window.seen.twice.push(...ids.filter((id, i) => ids.indexOf(id) !== i));
      for (const r of rows) {
        const words = (window.seen.words[r.dataset.incident] ??= []);
        const word = r.querySelector(".c-call .tag")?.innerText.trim();
        if (word && !words.includes(word)) words.push(word);
      }
    };
    look();
    new MutationObserver(look).observe(window.kept, { childList: true, subtree: true, characterData: true });
  });
  const before = await page.locator("[data-testid=strip]").count();

  const said = await command(server, "generate", "--exercise", "--speed", "7200");
  const last = Number(/the night is over: (\d+) steps/.exec(said)?.[1]);
  assert.ok(last > 30, said);
  const fresh = await context.newPage();
  await fresh.goto("/");
  const rows = (p) => p.locator("[data-testid=strip]").evaluateAll((list) => list.map((r) => `${r.dataset.incident} ${r.querySelector(".tag")?.innerText.trim()}`).sort());
  const want = await rows(fresh);
  await fresh.close();
  await page.bringToFront();
  await page.waitForFunction((n) => document.querySelectorAll("[data-testid=strip]").length === n, want.length, { timeout: 5000 });
  assert.deepEqual(await rows(page), want, "the board is not what a new page shows");

  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.twice, [], "rows stood there twice");
  assert.ok(seen.most > before + 3, `never more than ${seen.most} rows, ${before} at first`);
  const changed = Object.values(seen.words).filter((w) => w.length > 1);
  assert.ok(changed.some((w) => w[0] === "Awaiting" && w.includes("Attempted")), `no row went from awaiting to attempted: ${JSON.stringify(seen.words)}`);
  const gone = Object.keys(seen.words).filter((id) => !want.some((row) => row.startsWith(id)));
  assert.ok(gone.length >= 3, `only ${gone.length} rows have left`);
  assert.equal(await page.evaluate(() => window.kept.isConnected), true, "the page was loaded anew");

  // All of it is an exercise, and says so.
  const records = async (exercise) => (await (await context.request.get(`/export/incidents.geojson?exercise=${exercise}`)).json()).features;
  const all = await records("include"), real = await records("exclude");
  assert.equal(all.length - real.length, 27, "seven of the sample, twenty of the night");
  assert.deepEqual(real.filter((f) => /made up/.test(f.properties.narrative ?? "")).map((f) => f.properties.title), []);
  assert.deepEqual(context.faults, []);
  await context.close();
});
