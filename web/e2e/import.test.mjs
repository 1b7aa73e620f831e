// Import: a table with names of its own is sent, its columns are told, a bad row
// is mended and the file comes into the log.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let server, browser, context, page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  context = await openContext(browser, server, { user: "supervisor" });
  page = await context.newPage();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const table = (grade) => ({ name: "night.csv", mimeType: "text/csv", buffer: Buffer.from(
  "Datum,Lat,Lon,Who met,Whom,Grade,Why,Remark\r\n" +
  "2024-05-06T10:00Z,57.1,19.2,SE;NO,RU,serious,crossed 50 m ahead of the bow,x\r\n" +
  `2024-05-06T11:00Z,57.2,19.3,SE,RU,${grade},shadowed along the whole border,y\r\n`) });

async function send(grade) {
  await page.goto("/import");
  await page.setInputFiles("[name=file]", table(grade));
  await page.click("[data-testid=import] button");
  await page.waitForURL("**/import/*-*");
}

test("a bad row is named, mended and imported", async () => {
  await page.goto("/admin");
  await page.click("[data-testid=places] a[href='/import']");
  await page.waitForURL("**/import");
  assert.deepEqual(await axe(page), []);
  await send("grave");
  assert.equal(await page.inputValue("[name=column-0]"), "date");
  assert.equal(await page.inputValue("[name=column-1]"), "latitude");
  assert.equal(await page.inputValue("[name=column-7]"), "");
  for (const [column, as] of [[3, "intercepting_nations"], [4, "intercepted_nations"], [5, "severity"], [6, "severity_reason"]]) await page.selectOption(`[name=column-${column}]`, as);
  await page.click("[name=do][value=check]");
  await page.waitForSelector("[data-testid=problems]");
  const said = await page.innerText("[data-testid=problems] tbody tr");
  assert.match(said, /3\s+Grade\s+grave\s+.*accepted: near_routine, serious, high_risk/);
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.inputValue("[name=column-5]"), "severity");

  await send("near_routine");
  for (const [column, as] of [[3, "intercepting_nations"], [4, "intercepted_nations"], [5, "severity"], [6, "severity_reason"]]) await page.selectOption(`[name=column-${column}]`, as);
  await page.click("[name=do][value=check]");
  await page.waitForSelector("[name=do][value=import]");
  assert.match(await page.innerText("[data-testid=counts]"), /incidents: 2 created/);
  await page.click("[name=do][value=import]");
  await page.waitForFunction(() => document.querySelector("[data-testid=report] h2")?.textContent.trim() === "Imported");
  assert.match(await page.innerText("[data-testid=counts]"), /incidents: 2 created/);
  await page.goto("/incidents?from=2024-05-06&to=2024-05-07");
  assert.match(await page.innerText("main"), /SE, NO meet RU/);
  assert.deepEqual(context.faults, []);
});

test("without scripts, and no wider than a phone", async () => {
  const plain = await openContext(browser, server, { user: "supervisor", scripts: false, size: sizes.phone });
  const small = await plain.newPage();
  await small.goto("/import");
  await small.setInputFiles("[name=file]", table("serious"));
  await small.click("[data-testid=import] button");
  await small.click("[name=do][value=check]");
  await small.waitForSelector("[data-testid=problems]");
  assert.equal(await overflow(small), 0);
  assert.deepEqual(plain.faults, []);
  await plain.close();
});
