// One incident, reported twice: the second report sees the first beside it, and
// becomes an amendment. Two who change one report choose between was, theirs
// and yours. With scripts and without.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, looks, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let server, browser, context, page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  context = await openContext(browser, server, { user: "officer" });
  page = await context.newPage();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const began = (() => {
  const t = new Date(Date.now() - 20 * 60_000).toISOString();
  const month = new Date(t).toLocaleString("en", { month: "short", timeZone: "UTC" }).toUpperCase();
  return `${t.slice(8, 10)}${t.slice(11, 13)}${t.slice(14, 16)}Z${month}${t.slice(2, 4)}`;
})();

/** Types a report of the same encounter into a new form. */
async function type(p, more = {}) {
  await p.goto("/incidents/new");
  if (await p.locator(".steps").isVisible()) await p.locator("#step-all").check({ force: true }); // a phone shows one line at a time
  await p.check("[name=severity][value=serious]", { force: true }); // before what is read back moves the lines
  const fields = { start: began, position: "5512N 01848E", intercepting_nations: "PL", intercepted_nations: "RU", severity_reason: "crossed ahead", ...more };
  for (const [name, value] of Object.entries(fields)) await p.fill(`[name=${name}]`, value);
}

let incident;

test("the first report of it stands alone", async () => {
  await type(page, { narrative: "Two Polish jets met an Il-20." });
  await page.press("[name=narrative]", "Control+Enter");
  await page.waitForURL(/\/incidents\/[0-9a-f-]{36}$/);
  incident = new URL(page.url()).pathname;
});

test("the second sees it while it is typed, with why, and when no longer alike it goes", async () => {
  await type(page, { position: "5516N 01850E", closest_approach: "20 ft" });
  const panel = page.locator("[data-testid=similar]");
  await panel.waitFor();
  assert.match(await panel.innerText(), new RegExp(`same time: ${began}`));
  assert.match(await panel.innerText(), /4 NM apart, within 30 NM/);
  assert.match(await panel.innerText(), /same intercepted: RU/);
  const link = panel.locator("a").first();
  assert.equal(await link.getAttribute("target"), "_blank");
  const [tab] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await tab.waitForURL(`**${incident}`);
  await tab.close();
  await page.fill("[name=intercepted_nations]", "BY");
  await panel.waitFor({ state: "detached" });
  await page.fill("[name=intercepted_nations]", "RU");
  await panel.waitFor();
  assert.equal(await page.inputValue("[name=position]"), "5516N 01850E");
});

test("this is the same: the incident opens with the new facts offered", async () => {
  await page.fill("[name=narrative]", "Seen from the ferry.");
  await page.locator("#similar button").first().click();
  await page.waitForSelector("[data-testid=offer]");
  assert.equal(await page.inputValue("[name=closest_approach]"), "20 ft");
  assert.equal(await page.inputValue("[name=position]"), "5512N 01848E");
  assert.match(await page.inputValue("[name=narrative]"), /^Two Polish jets met an Il-20\.\s+Second report, by officer, \d{6}Z[A-Z]{3}\d\d:\nSeen from the ferry\.$/);
  // A letter picks, and the fields follow at once.
  await page.locator("[name='take.position'][value=keep]").focus();
  await page.keyboard.press("t");
  await page.waitForFunction(() => document.querySelector("[name=position]").value === "5516N 01850E");
  await page.keyboard.press("k");
  await page.waitForFunction(() => document.querySelector("[name=position]").value === "5512N 01848E");
  await page.press("[name=reason]", "Control+Enter");
  await page.waitForURL(`**${incident}`);
  await page.goto(`${incident}/history`);
  assert.match(await page.innerText("[data-testid=events]"), /Second report of the same incident/);
});

test("filed all the same, the log keeps what stood beside it", async () => {
  await type(page, { position: "5518N 01850E", narrative: "Another pair." });
  await page.waitForSelector("[data-testid=similar]");
  await page.press("[name=narrative]", "Control+Enter");
  await page.waitForURL((u) => /^\/incidents\/[0-9a-f-]{36}$/.test(u.pathname) && u.pathname !== incident);
  await page.goto(`${new URL(page.url()).pathname}/history`);
  assert.match(await page.innerText("[data-testid=events]"), /filed beside \d{4}-\d+, which may be the same/);
});

test("was, theirs and yours: chosen by letter, nothing typed is lost", async () => {
  const other = await context.newPage();
  await page.goto(`${incident}/edit`);
  await other.goto(`${incident}/edit`);
  await page.fill("[name=severity_reason]", "crossed 20 m ahead");
  await page.fill("[name=intercepting_base]", "Malbork");
  await page.fill("[name=reason]", "first");
  await page.press("[name=reason]", "Control+Enter");
  await page.waitForURL(`**${incident}`);
  await other.fill("[name=severity_reason]", "crossed 200 m ahead");
  await other.fill("[name=reason]", "second");
  await other.press("[name=reason]", "Control+Enter");
  await other.waitForSelector("[data-testid=conflict]");
  assert.match(await other.innerText("[data-testid=merged] summary"), /1 field was changed by one side only and is merged/);
  assert.equal(await other.inputValue("[name=intercepting_base]"), "Malbork");
  const value = (want) => other.waitForFunction((w) => document.querySelector("[name=severity_reason]").value === w, want);
  await other.locator("[name='pick.severity'][value=yours]").focus();
  const ring = await other.locator("#conflict label:has(:focus-visible)").evaluate((e) => getComputedStyle(e).outlineStyle);
  assert.equal(ring, "solid");
  await other.keyboard.press("t");
  await value("crossed 20 m ahead");
  await other.keyboard.press("y");
  await value("crossed 200 m ahead");
  await other.keyboard.press("t");
  await value("crossed 20 m ahead");
  await other.press("[name=reason]", "Control+Enter");
  await other.waitForURL(`**${incident}`);
  assert.match(await other.innerText("main"), /crossed 20 m ahead/);
  await other.close();
});

test("without scripts the same steps lead to the same record", async () => {
  const plain = await openContext(browser, server, { user: "supervisor", scripts: false });
  const p = await plain.newPage();
  await type(p, { position: "5514N 01850E" });
  await p.locator("button[name=add][value=readback]").click();
  await p.locator("#similar button").first().click();
  await p.waitForSelector("[data-testid=offer]");
  const target = await p.getAttribute("[data-testid=report-form]", "action");
  await p.check("[name='take.position'][value=take]", { force: true });
  await p.locator("button[name=add][value=take]").click();
  await p.waitForSelector("[data-testid=offer]");
  assert.equal(await p.inputValue("[name=position]"), "5514N 01850E");
  await p.locator("[data-testid=offer] button[name=same]").click();
  assert.equal(await p.innerText("h1"), "New report");
  assert.equal(await p.inputValue("[name=position]"), "5514N 01850E");
  assert.match(target, /^\/incidents\//);
  assert.deepEqual(plain.faults, []);
  await plain.close();
});

for (const { theme, width: name, size } of looks) {
  test(`seen and usable: ${theme}, ${name}`, async () => {
    const c = await openContext(browser, server, { user: "officer", theme, size });
    const p = await c.newPage();
    await type(p, { position: "5516N 01850E", closest_approach: "30 ft" });
    const button = p.locator(name === "phone" ? "#similar-near button" : "#similar button").first();
    await button.waitFor();
    assert.deepEqual(await axe(p), []);
    assert.ok((await overflow(p)) <= 0);
    await button.click();
    await p.waitForSelector("[data-testid=offer]");
    assert.deepEqual(await axe(p), []);
    assert.ok((await overflow(p)) <= 0);
    await p.setViewportSize({ width: 320, height: 700 });
    assert.ok((await overflow(p)) <= 0);
    assert.deepEqual(c.faults, []);
    await c.close();
  });
}
