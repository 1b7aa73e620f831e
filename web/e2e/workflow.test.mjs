// A report's way past a second person, by the keys alone: an officer claims it,
// a supervisor ticks its fields one by one, sends another back, and merges a
// duplicate.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { findIncident, openContext, startBrowser, startServer } from "./site.mjs";

let server, browser, officer, supervisor, real;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  real = await findIncident(browser, server, "q=MQ-9");
  officer = await openContext(browser, server, { user: "officer" });
  supervisor = await openContext(browser, server, { user: "supervisor" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const holder = (page) => page.locator("[data-testid=holder] p").innerText();

test("one key claims a record, takes it over and lets it go", async () => {
  const mine = await officer.newPage();
  await mine.goto(`/incidents/${real}`);
  assert.equal(await holder(mine), "Nobody holds it");
  await mine.keyboard.press("h");
  await mine.locator("[data-testid=holder] form[action$='/release']").waitFor();
  assert.match(await holder(mine), /^Held by officer \(you\)/);
  const theirs = await supervisor.newPage();
  await theirs.goto(`/incidents/${real}`);
  await theirs.keyboard.press("h");
  await theirs.locator("[data-testid=holder] form[action$='/release']").waitFor();
  assert.match(await holder(theirs), /taken over from officer$/);
  await theirs.keyboard.press("h");
  await theirs.locator("[data-testid=holder] form[action$='/hold']").waitFor();
  assert.equal(await holder(theirs), "Nobody holds it");
});

test("five keys tick five fields, and the fifth verifies", async () => {
  const page = await supervisor.newPage();
  await page.goto(`/incidents/${real}`);
  await page.keyboard.press("v");
  await page.waitForURL("**/verify");
  for (const key of "124") await page.keyboard.press(key);
  assert.equal(await page.locator("input[name=check]:checked").count(), 3);
  await page.keyboard.press("2");
  assert.equal(await page.locator("input[name=check]:checked").count(), 2);
  await page.keyboard.press("v");
  await page.getByText("2 of 5 checked").waitFor();
  for (const key of "235") await page.keyboard.press(key);
  await Promise.all([page.waitForURL((u) => u.pathname === "/verify"), page.keyboard.press("v")]);
  await page.goto(`/incidents/${real}`);
  assert.match(await page.locator("[data-testid=checks]").innerText(), /All 5 fields checked by supervisor/);
  assert.match(await page.locator("[data-testid=flow]").innerText(), /Close/);
});

test("what is returned and what is merged says so", async () => {
  const page = await supervisor.newPage();
  const file = await (await supervisor.request.get("/export/incidents.geojson?severity=serious")).json();
  const [sent, gone, stays] = file.features;
  await page.goto(`/incidents/${sent.id}/verify`);
  await page.getByRole("button", { name: "Return to the author" }).click();
  await page.waitForFunction(() => document.title.startsWith("Error:"));
  await page.fill("#remark", "the position lies on land");
  await page.getByRole("button", { name: "Return to the author" }).click();
  await page.locator("[data-testid=returned]").waitFor();
  await page.goto(`/incidents/${gone.id}`);
  await page.locator("[data-testid=merge] summary").click();
  await page.fill("#into", stays.properties.number);
  await page.locator("[data-testid=merge] button").click();
  await page.locator("[data-testid=merged]").waitFor();
  await page.goto(`/incidents/${gone.properties.number}`);
  assert.match(await page.locator("[data-testid=merged]").innerText(), new RegExp(`stands ${stays.properties.number}`));
  await page.goto("/retractions");
  assert.equal(await page.locator("[data-testid=retraction]").count(), 1);
});

test("nothing went wrong on the way", () => assert.deepEqual([...officer.faults, ...supervisor.faults], []));
