// The log says what the time is. Whatever happens to the clock of the server,
// to that of the desk or to the page, the countdowns are right as soon as the
// server is heard again.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startServer, startBrowser, openContext } from "./site.mjs";

const minute = 60_000;
let browser, server, folder, port;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "interceptlog-clocks-"));
  server = await startServer({ data: folder });
  port = new URL(server.url).port;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the server anew at the same address; its clock is off by so many milliseconds. */
async function restart(offset) {
  await server.stop({ keep: true });
  server = await startServer({ data: folder, args: ["--sample", "--listen", `127.0.0.1:${port}`, "--clock-offset", `${Math.round(offset)}ms`] });
}

/** The server's clock, in milliseconds since 1970. */
async function serverNow(context) {
  return Date.parse((await (await context.request.get("/events/poll")).json()).now);
}

/** Every countdown of the page: where it runs to, and what it shows in milliseconds; none in words. */
function countdowns(page) {
  return page.evaluate(() => [...document.querySelectorAll("[data-testid=strip] [data-countdown]")].map((el) => {
    const text = el.textContent.trim();
    const [, d, dh] = /^(\d+) d (\d+) h/.exec(text) ?? [];
    const [, h, m] = /^(\d+) h (\d+)/.exec(text) ?? [];
    const [, mm, ss] = /^(\d+):(\d+)$/.exec(text) ?? [];
    const shown = d ? (d * 24 + +dh) * 3600e3 : h ? (h * 60 + +m) * 60e3 : mm ? (mm * 60 + +ss) * 1e3 : NaN;
    const late = el.closest(".left") && el.closest(".left").querySelector("[data-countdown]") === el && el.closest(".left").classList.contains("past-deadline");
    return { text, to: Date.parse(el.dataset.deadline), shown, unit: d ? 3600e3 : h ? 60e3 : 1e3, late: Boolean(late) };
  }));
}

/** The countdowns that are not what the server's clock makes of them. */
async function wrong(context, page) {
  const before = await serverNow(context);
  const list = await countdowns(page);
  const after = await serverNow(context);
  assert.ok(list.length >= 5, `only ${list.length} countdowns`);
  return list.filter(({ to, shown, unit }) => {
    // A figure is cut to its unit; a second of drawing is given.
    const [least, most] = [Math.abs(to - after), Math.abs(to - before)].sort((a, b) => a - b);
    return !(shown >= least - unit - 1500 && shown <= most + 1500);
  });
}

/** Waits until all countdowns are right; says which are not when they stay wrong. */
async function right(context, page, within, what) {
  const limit = Date.now() + within;
  let list;
  while ((list = await wrong(context, page)).length > 0) {
    if (Date.now() > limit) assert.fail(`${what}: ${JSON.stringify(list)}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** What the browser itself says while the server is away is no fault of the page. */
function faults(context) {
  return context.faults.filter((f) => !f.includes("ERR_CONNECTION_REFUSED"));
}

test("the server's clock is set forward and back, and it restarts in the middle of a countdown", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  await right(context, page, 2000, "at first");
  const rows = await page.locator("[data-testid=strip]").count();
  const row = page.locator("[data-testid=strip]", { hasText: "RC-135" }).first();
  const to = Date.parse(await row.locator("[data-countdown]").first().getAttribute("data-deadline"));
  const status = async (word) => row.locator(".tag", { hasText: word }).waitFor({ timeout: 10_000 });
  await status("Awaiting");

  // Forward, to three minutes before a deadline: its figure counts seconds.
  const offset = to - Date.now() - 3 * minute;
  await restart(offset);
  await right(context, page, 10_000, "set forward");
  assert.match(await row.locator("[data-countdown]").first().innerText(), /^2:\d\d$/);

  // The same clock, another process: nothing stood still, nothing ran twice.
  await restart(offset);
  await right(context, page, 10_000, "started again");

  // Past that deadline: the words follow the figure.
  await restart(offset + 5 * minute);
  await status("Overdue");
  await right(context, page, 2000, "past the deadline");

  // Back to the true time: what was called overdue is not any more.
  await restart(0);
  await status("Awaiting");
  await right(context, page, 2000, "set back");
  assert.equal(await page.locator("[data-testid=strip]").count(), rows);
  assert.deepEqual(faults(context), []);
  await context.close();
});

test("the desk's clock is set forward while the page stands open", async () => {
  const context = await openContext(browser, server, { user: "viewer" });
  const page = await context.newPage();
  await page.clock.install({ time: Date.now() });
  await page.goto("/");
  await right(context, page, 2000, "at first");
  await page.clock.setSystemTime(Date.now() + 3 * 60 * minute);
  await page.waitForFunction(() => document.querySelector("[data-clock-local]")?.textContent === "desk clock 3 h 00 fast", null, { timeout: 5000 });
  await right(context, page, 0, "the desk's clock was followed");
  assert.deepEqual(faults(context), []);
  await context.close();
});

// Some systems stop the running clock of a desk that sleeps, others do not.
for (const [name, runs, hours] of [["its running clock went on", true, 1], ["its running clock stood still", false, 2]]) {
  test(`the page slept for an hour; ${name}`, async () => {
    const context = await openContext(browser, server, { user: "viewer" });
    const page = await context.newPage();
    await page.clock.install({ time: Date.now() });
    await page.goto("/");
    await right(context, page, 2000, "at first");
    const cdp = await context.newCDPSession(page);
    await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
    await restart(hours * 60 * minute);
    const sleep = Date.now() + 60 * minute;
    if (runs) await page.clock.fastForward(60 * minute);
    else await page.clock.setSystemTime(sleep);
    await cdp.send("Page.setWebLifecycleState", { state: "active" });
    await right(context, page, 3000, "after the sleep");
    await page.locator("#stale").waitFor({ state: "hidden", timeout: 5000 });
    assert.equal(new Set(await page.locator("[data-testid=strip]").evaluateAll((list) => list.map((r) => r.dataset.incident))).size, await page.locator("[data-testid=strip]").count());
    assert.deepEqual(faults(context), []);
    await context.close();
  });
}
