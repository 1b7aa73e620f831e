// A watch and its lines: tests that are due, faults, schedules.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { startServer, startBrowser, openContext, overflow, axe, sizes } from "./site.mjs";

let browser, server;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const strip = (page) => page.locator("#lines");
const row = (page, name) => page.locator("[data-testid=line-row]", { hasText: name });

/** The address of a line by its short name. */
async function lineCalled(page, name) {
  await page.goto("/lines");
  return row(page, name).locator("th a").getAttribute("href");
}

/** Sets when a line is tested, as a supervisor does. */
async function schedule(page, address, text) {
  await page.goto(address);
  await page.keyboard.press("e");
  await page.waitForURL(/\/edit$/);
  await page.fill("[name=tests]", text);
  await page.locator("#tests-read", { hasText: ": next" }).waitFor();
  const read = await page.locator("#tests-read").innerText();
  await page.fill("[name=reason]", "agreed with the other side");
  await Promise.all([page.waitForURL((u) => u.pathname === address), page.keyboard.press("Control+Enter")]);
  return read;
}

/** A time in so many minutes, as a schedule has it: 1000Z. */
const inMinutes = (n) => new Date(Date.now() + n * 60_000).toISOString().slice(11, 16).replace(":", "") + "Z";

test("a schedule is edited; its test falls due, and t and o clear it", async () => {
  const lead = await openContext(browser, server, { user: "supervisor" });
  const desk = await openContext(browser, server, { user: "officer" });
  const page = await lead.newPage(), watch = await desk.newPage();
  const address = await lineCalled(page, "EUCOM–NDMC");
  await watch.goto("/lines");
  assert.doesNotMatch(await strip(watch).innerText(), /test due/);

  const at = inMinutes(12);
  const read = await schedule(page, address, `daily ${at}`);
  assert.match(read, new RegExp(`daily ${at}: next .* ${at}, then `));
  assert.match(await page.locator("[data-testid=history]").innerText(), /agreed with the other side[\s\S]*Tests as reckoned/);

  await strip(watch).getByText("test due").waitFor({ timeout: 3000 }); // without being asked for again
  await row(watch, "EUCOM–NDMC").locator("th a").focus();
  await Promise.all([watch.waitForURL(/\/test/), watch.keyboard.press("t")]);
  await Promise.all([watch.waitForURL((u) => u.pathname === "/lines"), watch.keyboard.press("o")]);
  assert.doesNotMatch(await strip(watch).innerText(), /test due/);
  assert.match(await row(watch, "EUCOM–NDMC").locator("td[data-l='Last test']").innerText(), /connected/);
  assert.deepEqual([...lead.faults, ...desk.faults], []);
  await lead.close();
  await desk.close();
});

test("a failed test offers the fault; every strip shows it until the line is restored", async () => {
  const desk = await openContext(browser, server, { user: "officer" });
  const other = await openContext(browser, server, { user: "viewer" });
  const page = await desk.newPage(), board = await other.newPage();
  const address = await lineCalled(page, "NATO–RU MIL");
  await board.goto("/contacts");
  await page.goto(address);
  await Promise.all([page.waitForURL(/\/test$/), page.keyboard.press("t")]);
  await page.fill("#summary", "a tone, then nothing");
  await page.locator("h1").click();
  await Promise.all([page.waitForURL((u) => u.pathname === address), page.locator("button[data-key=f]").click()]);
  await strip(board).getByText("test failed").waitFor({ timeout: 3000 });
  await Promise.all([page.waitForURL((u) => u.pathname === address), page.locator(".notice form button").click()]);
  await page.locator("[data-testid=line-state]", { hasText: "fault since" }).waitFor();
  await strip(board).getByText("fault since").waitFor({ timeout: 3000 });

  await page.goto(`${address}/test`);
  await Promise.all([page.waitForURL((u) => u.pathname === address), page.keyboard.press("o")]);
  await page.locator("[data-testid=quick-event] button").click();
  await page.locator("[data-testid=line-state]", { hasText: "in use" }).waitFor();
  await board.waitForFunction(() => !/NATO–RU MIL[^A-Z]*fault/.test(document.querySelector("#lines").textContent), null, { timeout: 3000 });
  assert.match(await page.locator("[data-testid=share-tests]").innerText(), /^1 of 2/);
  assert.deepEqual([...desk.faults, ...other.faults], []);
  await desk.close();
  await other.close();
});

test("without scripts: a planned outage is logged and a test made", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false, size: sizes.phone });
  const page = await context.newPage();
  const address = await lineCalled(page, "DCL");
  await page.goto(address);
  await page.locator("summary", { hasText: "planned outage" }).click();
  const dtg = (h) => {
    const t = new Date(Date.now() + h * 3_600_000).toISOString();
    return t.slice(8, 10) + t.slice(11, 16).replace(":", "") + "Z" + ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"][Number(t.slice(5, 7)) - 1] + t.slice(2, 4);
  };
  await page.selectOption("#kind", "planned_outage");
  await page.fill("#from", dtg(4));
  await page.fill("#to", dtg(2));
  await page.locator("[data-testid=event-form] button").click();
  await page.locator("#errors").waitFor();
  assert.equal(await page.inputValue("#from"), dtg(4));
  await page.fill("#to", dtg(6));
  await page.locator("[data-testid=event-form] button").click();
  assert.match(await page.locator("[data-testid=line-state]").innerText(), /in use\s*·\s*planned outage/);
  await page.goto(`${address}/test`);
  await page.locator("button", { hasText: "No answer" }).click();
  assert.match(await page.locator(".notice").innerText(), /The last test failed[\s\S]*no answer/);
  await context.close();
});

test("the pages of lines are in order: no overflow, no violation, the picture has its table", async () => {
  for (const [width, size] of [["desk", sizes.desk], ["small", { width: 320, height: 800 }]]) {
    const context = await openContext(browser, server, { user: "supervisor", size, theme: width === "desk" ? "dusk" : "day" });
    const page = await context.newPage();
    const address = await lineCalled(page, "NATO–RU MIL");
    for (const where of ["/lines", address, `${address}/test`, `${address}/edit`, "/lines/new"]) {
      await page.goto(where);
      assert.equal(await overflow(page), 0, `${where} at ${width}`);
      if (width === "desk" && where !== "/lines/new") assert.deepEqual(await axe(page), [], where); // the same form as the edit
    }
    await page.goto(address);
    await page.locator("summary", { hasText: "The same as a table" }).click();
    assert.ok((await page.locator("[data-testid=use-table] tbody tr").count()) >= 12);
    assert.deepEqual(context.faults, []);
    await context.close();
  }
});
