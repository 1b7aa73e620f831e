// The call: from the board with few keys, over the next line when nobody
// answers, about several incidents, through a restart, and without scripts.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startServer, startBrowser, openContext, overflow, axe, sizes } from "./site.mjs";

let browser, server, folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "interceptlog-call-"));
  server = await startServer({ data: folder });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const call = /\/calls\/[0-9a-f]{8}-[0-9a-f-]+$/;
const seconds = (text) => text.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** Waits until Enter would start the call: the browser moves the focus when it draws the page. */
const ready = (page) => page.waitForFunction(() => document.activeElement?.matches("button.go"));

/** Counts keys as a hand presses them: Control and Enter are two. */
function counter(page) {
  const hand = { keys: 0, async press(...keys) { for (const k of keys) { hand.keys += k.split("+").length; await page.keyboard.press(k); } } };
  return hand;
}

test("nobody answers: at most 12 keys from the board, then the next line and the retry", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage(), hand = counter(page);
  await page.goto("/");
  await hand.press("j", "c");
  await page.waitForURL(/\/calls\/new\?incident=/);
  const first = await page.innerText("#h-proposed");
  await ready(page);
  await hand.press("Enter");
  await page.waitForURL(call);
  await page.waitForFunction(() => document.querySelector("[data-testid=running]").textContent.trim() !== "0:00");
  await hand.press("n");
  await page.waitForURL(/\/calls\/new\?after=/);
  assert.ok(hand.keys <= 12, `${hand.keys} keys`);
  console.log(`an unanswered call from the board: ${hand.keys} keys`);
  assert.match(await page.innerText("[data-testid=after]"), /No answer: .*Call again at/s);
  const second = await page.innerText("#h-proposed");
  assert.notEqual(second, first);
  await ready(page);
  await page.keyboard.press("Enter"); // the next line is one key away
  await page.waitForURL(call);
  assert.match(await page.innerText("h1"), new RegExp(second.slice(0, 6)));
  await page.keyboard.press("r");
  await page.waitForURL(/\/calls\/new\?after=/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("they answer: at most 12 keys beyond the summary, and the answer that is awaited counts down", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage(), hand = counter(page);
  await page.goto("/");
  await hand.press("j", "j", "c");
  await page.waitForURL(/\/calls\/new\?incident=/);
  await ready(page);
  await hand.press("Enter");
  await page.waitForURL(call);
  const id = new URL(page.url()).pathname.split("/").pop();
  await hand.press("a");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "summary", "“a” does not lead to the notes");
  await page.keyboard.type("They will look into it.");
  await page.fill("[name=expect_what]", "why the transponder was off");
  await page.fill("[name=expect_by]", "2 h");
  await page.focus("#summary");
  await hand.press("Control+Enter");
  await page.waitForURL(/\/incidents\//);
  assert.ok(hand.keys <= 12, `${hand.keys} keys`);
  console.log(`a connected call from the board: ${hand.keys} keys beyond the summary`);
  await page.goto(`/contacts/${id}`);
  assert.match(await page.innerText("main"), /They will look into it\./);
  assert.match(await page.innerText("[data-testid=expected] [data-countdown]"), /1 h 59|2 h 00/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("one call serves three incidents", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const answer = await (await openContext(browser, server, { user: "analyst" })).request.get("/export/incidents.geojson?exercise=only");
  const [a, b, c] = (await answer.json()).features.filter((f) => f.properties.open).map((f) => f.properties.number);
  assert.ok(a && b && c, "the sample has too few open exercise incidents");
  await page.goto(`/calls/new?incident=${a}`);
  await ready(page);
  await page.keyboard.press("Enter");
  await page.waitForURL(call);
  await page.fill("#summary", "About all three.");
  for (const [i, number] of [b, c].entries()) {
    if (!(await page.isVisible("[name=incidents]"))) await page.click("details:has([name=incidents]) > summary");
    await page.fill("[name=incidents]", number);
    await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), page.click("button[name=do][value=add]")]);
    await page.locator("main > [data-testid=about]").nth(i + 1).waitFor();
    assert.equal(await page.inputValue("#summary"), "About all three.");
  }
  await page.click("button[value=connected]");
  await page.waitForURL(/\/incidents\//);
  for (const number of [a, b, c]) {
    await page.goto(`/find?q=${number}`);
    await page.waitForURL(/\/incidents\//);
    assert.match(await page.innerText("main"), /About all three\./, `${number} lacks the call`);
  }
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the server is restarted in the middle of a call: the clock goes on and the notes are there", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/calls/new");
  await ready(page);
  await page.keyboard.press("Enter");
  await page.waitForURL(call);
  await page.keyboard.press("a");
  await page.keyboard.type("Rings.");
  await page.locator("[data-call-state]", { hasText: /Kept on the server/ }).waitFor({ timeout: 3000 });
  const port = new URL(server.url).port, before = seconds(await page.innerText("[data-testid=running]"));
  await server.stop({ keep: true });
  await page.keyboard.type(" Somebody is being fetched.");
  await page.locator("[data-call-state]", { hasText: /cannot be reached/ }).waitFor({ timeout: 4000 });
  server = await startServer({ data: folder, args: ["--sample", "--listen", `127.0.0.1:${port}`] });
  await page.reload();
  assert.equal(await page.inputValue("#summary"), "Rings. Somebody is being fetched.");
  assert.ok(seconds(await page.innerText("[data-testid=running]")) > before, "the clock began anew");
  await page.locator("[data-call-state]", { hasText: /Kept on the server/ }).waitFor({ timeout: 5000 });
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  assert.equal(await page.inputValue("#summary"), "Rings. Somebody is being fetched.");
  await page.click("text=No call was made: drop it");
  await page.fill("[name=reason]", "for the test");
  await page.click("text=Drop the call");
  await page.waitForURL((u) => u.pathname === "/");
  assert.equal(await page.locator("#calls p", { hasText: "officer" }).count(), 0);
  await context.close();
});

test("without scripts, on a phone, and for screen readers", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await context.newPage();
  await page.goto("/");
  await page.locator("[data-testid=strip] [data-key=c]").first().click();
  await page.click("[data-testid=start]");
  await page.waitForURL(call);
  const at = page.url();
  assert.match(await page.innerText("[data-testid=running]"), /^\d+:\d\d$/);
  await page.fill("#summary", "Rang twice.");
  await page.fill("[name=callee]", "nobody");
  await page.press("[name=callee]", "Enter"); // keeps the notes; it ends no call
  assert.equal(await page.inputValue("#summary"), "Rang twice.");
  assert.equal(await page.inputValue("[name=callee]"), "nobody");
  const seen = await openContext(browser, server, { user: "officer", size: sizes.phone });
  const small = await seen.newPage();
  for (const where of [at, "/calls/new", "/sheets"]) {
    await small.goto(where);
    assert.ok((await overflow(small)) <= 0, `${where} is too wide at 390 px`);
    assert.deepEqual(await axe(small), [], where);
  }
  await seen.close();
  await page.click("button[value=line_fault]");
  await page.waitForURL(/\/calls\/new\?after=/);
  assert.match(await page.innerText("[data-testid=after]"), /Line fault/);
  await context.close();
});
