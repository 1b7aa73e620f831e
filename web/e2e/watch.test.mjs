// The watch officer's story, by mouse and by form: sign in, log an incident
// with a bad field first, log calls on it, see the status change, correct it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { openContext, startBrowser, startServer } from "./site.mjs";

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

/** A date-time group so many minutes before now. */
function dtg(minutesAgo) {
  const t = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const month = new Date(t).toLocaleString("en", { month: "short", timeZone: "UTC" }).toUpperCase();
  return `${t.slice(8, 10)}${t.slice(11, 13)}${t.slice(14, 16)}Z${month}${t.slice(2, 4)}`;
}

test("a wrong password keeps the name, the right one goes where one wanted", async () => {
  const stranger = await openContext(browser, server);
  const p = await stranger.newPage();
  await p.goto("/lines");
  await p.fill("input[name=name]", "officer");
  await p.fill("input[name=password]", "wrong");
  await p.press("input[name=password]", "Enter");
  await p.waitForFunction(() => document.title.startsWith("Error:"));
  assert.equal(await p.inputValue("input[name=name]"), "officer");
  await p.fill("input[name=password]", "sample-officer");
  await p.press("input[name=password]", "Enter");
  await p.waitForURL("**/lines");
  assert.deepEqual(stranger.faults, []);
  await stranger.close();
});

let incident;

test("a bad field keeps every value and says what to do", async () => {
  await page.goto("/incidents/new");
  await page.fill("[name=start]", "310860ZOCT25");
  await page.fill("[name=position]", "5512N 01848E");
  await page.fill("[name=intercepting_nations]", "PL");
  await page.fill("[name=intercepted_nations]", "RU");
  await page.locator("[name=intercepted_aircraft_designator]").first().fill("IL18");
  await page.check("[name=severity][value=serious]", { force: true });
  await page.fill("[name=severity_reason]", "crossed ahead");
  await page.fill("[name=narrative]", "Two Polish jets met an Il-20.");
  await page.press("[name=narrative]", "Control+Enter");
  await page.waitForFunction(() => document.title.startsWith("Error:"));
  for (const [name, value] of Object.entries({ start: "310860ZOCT25", position: "5512N 01848E", intercepting_nations: "PL", severity_reason: "crossed ahead", narrative: "Two Polish jets met an Il-20." }))
    assert.equal(await page.inputValue(`[name=${name}]`), value);
  assert.ok(await page.isChecked("[name=severity][value=serious]"));
  const link = page.locator('[role=alert] a[href="#start"]');
  assert.match(await page.locator("#start-err").innerText(), /310900ZOCT25/);
  await link.click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "start");
});

test("corrected, it becomes one incident, however often it is sent", async () => {
  await page.fill("[name=start]", dtg(20));
  const id = await page.inputValue("[name=id]");
  await page.locator("button[type=submit].go").dblclick();
  await page.waitForURL(`**/incidents/${id}`);
  incident = new URL(page.url()).pathname;
  assert.match(await page.innerText("main"), /Baltic/);
  assert.match(await page.innerText("[data-testid=status]"), /Awaiting/);
  const answer = await context.request.get("/export/incidents.geojson?q=crossed");
  const all = await context.request.get("/export/incidents.geojson?exercise=include");
  assert.equal((await all.json()).features.filter((f) => f.id === id).length, 1);
  assert.equal(answer.status(), 200);
});

/** Logs a call on the incident. */
async function call(outcome, summary) {
  await page.goto(`/contacts/new?incident=${incident.split("/").pop()}`);
  const line = page.locator("[name=line]");
  if (await line.first().evaluate((e) => e.tagName === "SELECT")) {
    const value = await line.locator("option").filter({ hasText: "NATO–RU MIL" }).first().getAttribute("value");
    await line.selectOption(value);
  } else {
    await page.locator("label", { has: page.locator("[name=line]") }).filter({ hasText: "NATO–RU MIL" }).first().click();
  }
  await page.fill("[name=start]", dtg(outcome === "connected" ? 5 : 12));
  await page.fill("[name=initiators]", "NATO");
  await page.fill("[name=answerers]", "RU");
  await page.locator(`[name=outcome][value=${outcome}]`).check({ force: true });
  await page.locator("[name=purpose][value=de_escalate]").check({ force: true }).catch(() => page.selectOption("[name=purpose]", "de_escalate"));
  await page.fill("[name=summary]", summary);
  await page.press("[name=summary]", "Control+Enter");
  await page.waitForURL((u) => !u.pathname.startsWith("/contacts/new") && u.pathname !== "/contacts");
  await page.goto(incident);
}

test("a call that nobody answers is an attempt, one that connects settles it", async () => {
  await call("no_answer", "Rang for two minutes.");
  assert.match(await page.innerText("[data-testid=status]"), /Attempted/);
  await call("connected", "Both sides explained themselves.");
  assert.match(await page.innerText("[data-testid=status]"), /Followed/);
  assert.match(await page.innerText("[data-testid=answer]"), /got through/);
  await page.goto(`${incident}/history`);
  const text = await page.innerText("[data-testid=events]");
  assert.match(text, /linked/i);
});

test("a change needs a reason, and the history shows it field by field", async () => {
  await page.goto(`${incident}/edit`);
  await page.fill("[name=severity_reason]", "crossed 20 m ahead");
  await page.fill("[name=reason]", "the crew gave the distance");
  await page.press("[name=reason]", "Control+Enter");
  await page.waitForURL(`**${incident}`);
  await page.goto(`${incident}/history`);
  const text = await page.innerText("[data-testid=events]");
  assert.match(text, /crossed ahead/);
  assert.match(text, /crossed 20 m ahead/);
  assert.match(text, /the crew gave the distance/);
});

test("two who edit at once see each other's words", async () => {
  const other = await context.newPage();
  await page.goto(`${incident}/edit`);
  await other.goto(`${incident}/edit`);
  await page.fill("[name=narrative]", "They met south of Gotland.");
  await page.fill("[name=reason]", "first");
  await page.press("[name=reason]", "Control+Enter");
  await page.waitForURL(`**${incident}`);
  await other.fill("[name=narrative]", "They met north of Gdynia.");
  await other.fill("[name=reason]", "second");
  await other.press("[name=reason]", "Control+Enter");
  await other.waitForSelector("[data-testid=conflict]");
  const text = await other.innerText("[data-testid=conflict]");
  assert.match(text, /south of Gotland/);
  assert.equal(await other.inputValue("[name=narrative]"), "They met north of Gdynia.");
  await other.close();
});

test("the log as it stood before is still there", async () => {
  await page.goto("/incidents?as_of=2020-01-01T00:00Z");
  assert.match(await page.innerText("[data-testid=total]"), /^0\b/);
  await page.goto(`${incident}?as_of=${new Date().toISOString()}`);
  assert.match(await page.innerText("main"), /south of Gotland/);
});

test("no page complained and nothing left this server", () => assert.deepEqual(context.faults, []));
