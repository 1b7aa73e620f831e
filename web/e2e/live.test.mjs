// Open screens keep themselves up to date, and say so when they cannot.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startServer, startBrowser, openContext } from "./site.mjs";

let browser, server, folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "interceptlog-live-"));
  server = await startServer({ data: folder });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const overdue = (page) => page.locator("[data-testid=counts] li").first().innerText();

test("a call that one desk logs is on the other within a second, and its focus stays", async () => {
  const watching = await openContext(browser, server, { user: "viewer" });
  const acting = await openContext(browser, server, { user: "officer" });
  const board = await watching.newPage(), desk = await acting.newPage();
  await board.goto("/");
  const row = board.locator("[data-testid=strip]", { hasText: "Tu-160" }).first();
  await row.locator("a.tt").focus();
  await board.evaluate(() => (window.kept = document.querySelector("[data-testid=strip]")));
  assert.match(await overdue(board), /^\s*\d+ overdue/);

  await desk.goto("/");
  const first = desk.locator("[data-testid=strip]", { hasText: "Petrobaltic" }).first();
  const title = await first.locator("a.tt").innerText();
  await first.locator("[data-key=c]").click();
  await desk.locator("[data-testid=start]").click();
  await desk.waitForURL(/\/calls\/[0-9a-f]{8}-/);
  await board.locator("#calls", { hasText: "In a call" }).waitFor({ timeout: 1000 });
  const strip = board.locator("[data-testid=strip]", { hasText: title }).first();
  assert.doesNotMatch(await strip.innerText(), /Attempted/);
  await Promise.all([desk.waitForURL(/\/calls\/new\?after=/), desk.keyboard.press("n")]);
  await strip.getByText("Attempted").waitFor({ timeout: 1000 });

  assert.equal(await board.evaluate(() => document.activeElement?.textContent?.includes("Tu-160")), true, "the focus has left its row");
  assert.equal(await board.evaluate(() => window.kept.isConnected), true, "the page was loaded anew");
  assert.deepEqual([...watching.faults, ...acting.faults], []);
  await watching.close();
  await acting.close();
});

test("a screen that lost its server says so, and catches up without help", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  const rows = await page.locator("[data-testid=strip]").count();
  const port = new URL(server.url).port;
  await server.stop({ keep: true });
  const bar = page.locator("#stale");
  await bar.waitFor({ state: "visible", timeout: 15_000 });
  assert.match(await bar.innerText(), /Not current since \d{4}Z\. The server does not answer\./);
  await page.waitForFunction(() => /^at \d{4}Z$/.test(document.querySelector("[data-countdown]")?.textContent ?? ""), null, { timeout: 3000 });

  server = await startServer({ data: folder, args: ["--sample", "--listen", `127.0.0.1:${port}`] });
  await bar.waitFor({ state: "hidden", timeout: 15_000 });
  await page.waitForFunction(() => /\d/.test(document.querySelector("[data-countdown]")?.textContent ?? "") && !document.querySelector("[data-countdown]").textContent.startsWith("at"), null, { timeout: 5000 });
  assert.equal(await page.locator("[data-testid=strip]").count(), rows, "a row stands there twice, or is gone");
  await context.close();
});

test("the desk's clock may be wrong or jump: the countdowns are the server's", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const real = Date.now;
    window.step = 4 * 60_000;
    Date.now = () => real() + window.step;
    const Was = Date;
    // eslint-disable-next-line no-global-assign
    Date = class extends Was {
      constructor(...args) { if (args.length) super(...args); else super(real() + window.step); }
      static now() { return real() + window.step; }
    };
  });
  await page.goto("/");
  const said = page.locator("[data-clock-local]");
  await page.waitForFunction(() => /desk clock 4 min fast/.test(document.querySelector("[data-clock-local]")?.textContent ?? ""), null, { timeout: 5000 });
  const clock = await page.locator("[data-clock]").first().innerText();
  const now = new Date();
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(2, 4));
  const off = (minutes(clock) - (now.getUTCHours() * 60 + now.getUTCMinutes()) + 1440) % 1440;
  assert.ok(off === 0 || off === 1439, `the clock of the page says ${clock}`);

  // The clock of the desk is set back by two hours while the page stands open.
  const figures = () => page.locator("[data-testid=strip] [data-countdown]").allInnerTexts();
  const earlier = await figures();
  await page.evaluate(() => (window.step = -2 * 3600_000));
  await page.waitForFunction(() => /desk clock 2 h 00 slow/.test(document.querySelector("[data-clock-local]")?.textContent ?? ""), null, { timeout: 5000 });
  const total = (list) => list.map((t) => { const [, h, m] = /(\d+) h (\d+)/.exec(t) ?? [0, 0, 0]; return h * 60 + Number(m); }).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(total(await figures()) - total(earlier)) <= earlier.length, "a countdown followed the desk's clock");
  assert.notEqual(await said.innerText(), "");
  await context.close();
});

test("without scripts the board asks for itself every half minute", async () => {
  const context = await openContext(browser, server, { user: "viewer", scripts: false });
  const page = await context.newPage();
  await page.goto("/");
  assert.equal(await page.locator("head meta[http-equiv=refresh]").getAttribute("content"), "30");
  await context.close();
});
