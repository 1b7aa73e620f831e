// The watch in the browser: an entry by its key from any page, struck and never
// gone; the five columns; the handover answered item by item and signed by two
// people, frozen from then on, on one sheet of A4.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let server, browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a journal entry from anywhere by one key, struck and still read", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/lines");
  assert.match(await page.innerText("[data-testid=watch]"), /watch: officer until \d{4}Z/);
  await page.keyboard.press("w");
  await page.waitForURL("**/journal/new");
  await page.fill("#text", "Radar at Vardø is back.");
  await page.fill("#told", "the chief");
  await page.fill("#time", "-40m");
  await page.press("#told", "Control+Enter");
  await page.waitForURL("**/journal#entry-1");
  assert.match(await page.innerText("[data-testid=late]"), /entered 40 min after/);
  assert.deepEqual(await page.locator("[data-testid=journal] td").evaluateAll((cells) => cells.map((td) => getComputedStyle(td).display).filter((d) => d !== "table-cell")), []);
  assert.deepEqual(await axe(page), []);
  await page.click("#entry-1 a");
  await page.click("text=Strike this entry");
  await page.fill("#reason", "it was Kirkenes");
  await page.click("button:text-is('Strike')");
  await page.waitForSelector("del");
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.waitForSelector("[data-testid=journal] del");
  assert.match(await page.innerText("[data-testid=journal]"), /it was Kirkenes/);
  await page.goto("/journal?form=1594");
  assert.deepEqual(await page.locator("[data-testid=form-1594] thead th").allInnerTexts(), ["Item", "Time", "Incidents, messages, orders, etc.", "Action taken", "Initials"]);
  assert.equal(await page.innerText("[data-testid=form-1594] tbody td:last-child"), "OFFI");
  assert.equal(await overflow(page), 0);
  assert.deepEqual(context.faults, []);
  await context.close();
});

/** Fills in who signs. */
async function sign(page, name, password = `sample-${name}`) {
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.click(".signing button.go");
}

test("a handover is answered item by item and signed by two, then frozen, on one sheet of A4", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL("**/handover");
  await page.fill("textarea#watch", "Ice off Vardø.");
  await page.locator("[data-testid=item] input[type=text]").first().fill("ring them at six");
  await page.locator("[data-testid=item] .ck").nth(1).click();
  assert.deepEqual(await axe(page), []);
  await sign(page, "officer");
  await page.waitForSelector("text=Signature of the arriving officer");

  // At the same desk the other officer answers; what is left open is refused.
  const items = page.locator("[data-testid=item]");
  const count = await items.count();
  assert.ok(count >= 3, `${count} items`);
  for (let i = 1; i < count; i++) await items.nth(i).locator("input[value=accepted]").check();
  await sign(page, "supervisor");
  await page.waitForSelector("#errors");
  assert.equal(await page.locator("#errors li").count(), 1);
  await page.click("#errors a");
  assert.equal(await page.evaluate(() => document.activeElement?.closest("[data-testid=item]") === document.querySelector("[data-testid=item]")), true);
  await items.nth(0).locator("input[value=questioned]").check();
  await items.nth(0).locator("input[type=text]").fill("who holds the translator?");
  assert.deepEqual(await axe(page), []);
  await sign(page, "officer");
  await page.waitForSelector("#name[aria-invalid]"); // two persons
  await sign(page, "supervisor");
  await page.waitForURL("**/handovers/*");
  const sheet = await page.innerText("[data-testid=sheet]");
  for (const want of ["signed by both", "who holds the translator?", "ring them at six", "COCKED", "Ice off Vardø."]) assert.match(sheet, new RegExp(want.replace("?", "\\?")));
  assert.equal(await page.locator("[data-testid=sheet] input").count(), 0);
  assert.deepEqual(await axe(page), []);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "pages of A4");
  assert.equal(await page.innerText("[data-testid=seal]").then((t) => /audit chain names this hash/.test(t)), true);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the handover works without scripts and on a phone", async () => {
  const context = await openContext(browser, server, { user: "supervisor", scripts: false, size: sizes.phone });
  const page = await context.newPage();
  for (const where of ["/journal", "/journal/new", "/shifts", "/shifts/new", "/handover", "/handovers", "/changes", "/journal?form=1594"]) {
    await page.goto(where);
    assert.equal(await overflow(page), 0, where);
  }
  await page.goto("/handover");
  await page.locator("[data-testid=item] .ck").first().click();
  await sign(page, "supervisor");
  for (const item of await page.locator("[data-testid=item]").all()) await item.locator("label:has-text('Accept')").click();
  await sign(page, "officer");
  await page.waitForURL("**/handovers/*");
  assert.equal(await overflow(page), 0, "the sheet with a cocked item");
  assert.match(await page.innerText("h1"), /signed by both/);
  await page.goto("/changes");
  assert.match(await page.innerText("[data-testid=since]"), /your last sign-off/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("a sheet with twelve open items, each with a note and an answer, prints on one page of A4", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const items = page.locator("[data-testid=item]");
  await page.goto("/lines");
  const lines = await page.locator("[data-testid=line-row] th a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  await page.goto("/handover");
  for (let open = await items.count(); open < 12; open = await items.count()) {
    const line = lines.shift();
    assert.ok(line, `no line is left to fail, and ${open} items are open`);
    await page.goto(line);
    const fault = page.locator("[data-testid=quick-event] button", { hasText: "A fault" });
    if (await fault.count()) await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), fault.click()]);
    await page.goto("/handover");
  }
  assert.equal(await items.count(), 12);
  for (const item of await items.all()) await item.locator("input[type=text]").fill("The other side was told; ring them at six.");
  await page.fill("textarea#watch", "Ice off Vardø. The chief is away until Wednesday; his deputy has the telephone.");
  await sign(page, "officer");
  await page.waitForSelector("text=Signature of the arriving officer");
  for (const item of await items.all()) {
    await item.locator("input[value=noted]").check();
    await item.locator("input[type=text]").fill("The translator is on call.");
  }
  await sign(page, "supervisor");
  await page.waitForURL("**/handovers/*");
  assert.equal(await items.count(), 12);
  // what lives on the screen, a call and the alarms, is no part of the sheet
  const sheet = page.url();
  await page.goto("/calls/new");
  await page.click("[data-testid=start]");
  await page.waitForURL(/\/calls\/[0-9a-f-]{36}$/);
  await page.goto(sheet);
  assert.ok(await page.isVisible("[data-testid=open-calls]"));
  await page.emulateMedia({ media: "print" });
  for (const live of ["[data-testid=open-calls]", "#alarms"]) assert.equal(await page.isVisible(live), false, live);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "pages of A4");
  assert.deepEqual(context.faults, []);
  await context.close();
});
