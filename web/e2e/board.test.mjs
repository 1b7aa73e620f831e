// The board beyond its strips: what else is to be done, claim and flag by keys,
// the board on the wall, and the board under load.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { axe, command, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let browser, server;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const strips = (page) => page.locator("[data-testid=strip]");

test("the head line and the sections: j reaches them, and nothing stands there for those whom it does not concern", async () => {
  const context = await openContext(browser, server, { user: "supervisor" });
  const page = await context.newPage();
  await page.goto("/board");
  assert.match(await page.locator("[data-testid=tell]").innerText(), /^\s*\d+\s+waits?\s+next .+ (left|late)\s+(no line is down|lines out)/s);
  const row = page.locator("[data-testid=unverified] .task");
  await row.waitFor();
  for (let i = (await strips(page).count()) + (await page.locator(".task").count()); i > 0; i--) await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement?.closest(".task")?.dataset.rowKey), "unverified");
  await Promise.all([page.waitForURL(/\/verify$/), page.keyboard.press("o")]);
  assert.deepEqual(context.faults, []);
  await context.close();

  const other = await openContext(browser, server, { user: "viewer" });
  const board = await other.newPage();
  await board.goto("/");
  assert.equal(await board.locator("[data-testid=unverified]").count(), 0);
  await other.close();
});

test("h claims and lets go, u flags; others see it at once, and the focus stays", async () => {
  const acting = await openContext(browser, server, { user: "officer" });
  const watching = await openContext(browser, server, { user: "viewer" });
  const desk = await acting.newPage(), board = await watching.newPage();
  await Promise.all([desk.goto("/"), board.goto("/")]);
  await desk.keyboard.press("h"); // at no row: nothing is claimed
  await desk.keyboard.press("j");
  const title = await strips(desk).first().locator("a.tt").innerText();
  const seen = strips(board).filter({ hasText: title }).first();
  assert.equal(await strips(desk).locator(".mark").count(), 0);
  await desk.keyboard.press("h");
  await seen.locator(".mark", { hasText: "officer" }).waitFor({ timeout: 20_000 });
  await desk.keyboard.press("u");
  await seen.locator(".cocked", { hasText: "flagged" }).waitFor({ timeout: 20_000 });
  assert.equal(await desk.evaluate(() => document.activeElement?.textContent), title, "the focus has left its row");
  await strips(desk).first().locator(".mark", { hasText: "officer" }).waitFor({ timeout: 20_000 });
  await desk.keyboard.press("h");
  await seen.locator(".mark").waitFor({ state: "detached", timeout: 20_000 });
  await strips(desk).first().locator("button", { hasText: "Unflag" }).waitFor({ timeout: 20_000 });
  await desk.keyboard.press("u");
  await seen.locator(".cocked").waitFor({ state: "detached", timeout: 20_000 });
  assert.deepEqual([...acting.faults, ...watching.faults], []);
  await acting.close();
  await watching.close();
});

test("without scripts the buttons claim and flag, and the board asks for itself", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await context.newPage();
  await page.goto("/");
  await strips(page).last().locator("button", { hasText: "Flag" }).click();
  assert.match(page.url(), /\/#i-/);
  await strips(page).last().locator(".cocked").waitFor();
  await strips(page).last().locator("button", { hasText: "Unflag" }).click();
  assert.equal(await page.locator("head meta[http-equiv=refresh]").count(), 1);
  await context.close();
});

test("the wall can be read from five metres, has nothing to press, and follows the log", async () => {
  const context = await openContext(browser, server, { user: "wall", size: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto("/");
  assert.match(page.url(), /\/board\?wall=1$/);
  const small = await page.evaluate(() => {
    const key = ".w-counts b, .w-counts span, .w-clock b, .w-figure time, .w-row time, .w-state, .w-next .w-title, .w-lines li";
    return [...document.querySelectorAll(key)].map((el) => [el.textContent.trim(), Number.parseFloat(getComputedStyle(el).fontSize)]).filter(([, px]) => px < 64);
  });
  assert.deepEqual(small, [], "a key figure is smaller than 64 px");
  const least = await page.evaluate(() => Math.min(...[...document.querySelectorAll("main *")].filter((el) => el.textContent.trim() && !el.closest(".vh")).map((el) => Number.parseFloat(getComputedStyle(el).fontSize)).filter((px) => px > 20)));
  assert.ok(least >= 48, `the smallest text has ${least} px`);
  assert.equal(await page.locator("main a, main button, main input, .nav, footer").count(), 0);
  assert.ok((await overflow(page)) <= 0);
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) <= 1080, "it does not fit on one screen");
  assert.deepEqual(await axe(page), []);

  const acting = await openContext(browser, server, { user: "officer" });
  const desk = await acting.newPage();
  await desk.goto("/");
  const waiting = strips(desk).filter({ hasText: "Awaiting" }).first();
  const id = await waiting.getAttribute("data-incident");
  const before = await page.locator("[data-testid=counts] li b").allInnerTexts();
  await waiting.locator("[data-key=c]").click();
  await desk.waitForURL(/\/calls\/new\?incident=/);
  await desk.waitForFunction(() => document.activeElement?.matches("button.go"));
  await desk.keyboard.press("Enter");
  await desk.waitForURL(/\/calls\/[0-9a-f]{8}-/);
  await desk.keyboard.press("n");
  await desk.waitForURL(/\/calls\/new\?after=/);
  await page.locator(`.w-row.attempted[data-incident="${id}"]`).waitFor({ timeout: 20_000 });
  assert.notDeepEqual(await page.locator("[data-testid=counts] li b").allInnerTexts(), before);
  assert.deepEqual([...context.faults, ...acting.faults], []);
  await acting.close();

  for (const path of ["/board", "/incidents", "/lines", "/profile", "/help", `/incidents/${id}`]) assert.equal((await page.goto(path)).status(), 403, path);
  const cookie = (await context.cookies()).find((c) => c.name === "interceptlog");
  assert.ok(cookie.expires - Date.now() / 1000 > 300 * 24 * 3600, "the screen signs itself out");
  await context.close();
});

test("the wall fits on a small screen and in every theme that is asked for", async () => {
  const context = await openContext(browser, server, { user: "viewer", size: sizes.phone });
  const page = await context.newPage();
  for (const theme of ["day", "dusk"]) {
    await page.goto(`/board?wall=1&theme=${theme}`);
    assert.equal(await page.locator("html").getAttribute("data-theme"), theme);
    assert.ok((await overflow(page)) <= 0, `${theme}: too wide`);
  }
  await context.close();
});

test("with three hundred open incidents the board follows the log, and the keys do not wait for it", async () => {
  const load = await startServer();
  try {
    await command(load, "generate", "--exercise", "--incidents", "1200", "--days", "1");
    const watching = await openContext(browser, load, { user: "viewer" });
    const acting = await openContext(browser, load, { user: "officer" });
    const board = await watching.newPage();
    await board.goto("/");
    const open = await strips(board).count();
    assert.ok(open >= 300, `${open} incidents wait`);

    const echo = [];
    for (let i = 0; i < 15; i++) {
      echo.push(await board.evaluate(async () => {
        const start = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
        await new Promise((r) => requestAnimationFrame(() => r()));
        return performance.now() - start;
      }));
    }
    const median = echo.sort((a, b) => a - b)[7];
    // 100 ms is the aim on a machine of its own; here others share it.
    assert.ok(median < 1000, `a key shows after ${median} ms`);

    const first = strips(board).first();
    const id = await first.getAttribute("data-incident");
    const start = Date.now();
    const answer = await acting.request.post(`/incidents/${id}/flag`, { maxRedirects: 0, headers: { Origin: load.url } });
    assert.equal(answer.status(), 303);
    await board.locator(`[data-incident="${id}"] .cocked`).waitFor({ timeout: 20_000 });
    console.log(`${open} strips: a key shows after ${median.toFixed(0)} ms (median), a change after ${Date.now() - start} ms`);
    await watching.close();
    await acting.close();
  } finally {
    await load.stop();
  }
});
