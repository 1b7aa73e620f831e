// Pages beside the board keep themselves up to date, and nothing moves under a
// hand or an eye meanwhile.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { startServer, startBrowser, openContext, findIncident, command } from "./site.mjs";

let browser, server, watching, acting, incident;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  watching = await openContext(browser, server, { user: "supervisor" });
  acting = await openContext(browser, server, { user: "officer" });
  incident = await findIncident(browser, server, "exercise=only&deescalation=awaiting");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Writes some reports beside the server. */
const reports = (n, seed) => command(server, "generate", "--exercise", "--incidents", String(n), "--days", "1", "--seed", String(seed));

/** Logs a contact about the incident from another desk. */
async function logContact(outcome) {
  const desk = await acting.newPage();
  await desk.goto(`/contacts/new?incident=${incident}`);
  await desk.locator("[name=line]").selectOption({ index: 1 });
  await desk.locator(`[name=outcome][value=${outcome}]`).check();
  await Promise.all([desk.waitForURL(/\/incidents\//), desk.keyboard.press("Control+Enter")]);
  await desk.close();
}

test("the log: while a hand is there its rows stay, and it says how many are new", async () => {
  const page = await watching.newPage();
  await page.goto("/incidents?exercise=include&sort=-recorded");
  const ids = () => page.locator("[data-testid=incident-row]").evaluateAll((rows) => rows.map((r) => r.dataset.id));
  // Nobody is there: the rows come by themselves, without a notice.
  const first = await ids();
  await reports(2, 1);
  await page.waitForFunction((id) => document.querySelector("[data-testid=incident-row]").dataset.id !== id, first[0], { timeout: 5000 });
  assert.equal(await page.locator("[data-held-notice]").isVisible(), false);

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const before = await ids();
  const place = () => page.evaluate(() => [document.activeElement.closest("[data-row]")?.dataset.id, Math.round(document.activeElement.getBoundingClientRect().top)]);
  const here = await place();
  assert.equal(here[0], before[1]);
  await reports(3, 2);
  const notice = page.locator("[data-held-notice]");
  await notice.getByText("3 new or changed").waitFor({ timeout: 5000 });
  assert.deepEqual(await ids(), before, "rows have moved under the hand");
  assert.deepEqual(await place(), here);

  await page.keyboard.press(".");
  await notice.waitFor({ state: "hidden", timeout: 5000 });
  const now = await ids();
  assert.equal(now.length, new Set(now).size, "a row stands there twice");
  assert.deepEqual(now.slice(3, 5), before.slice(0, 2));
  assert.equal((await place())[0], here[0], "the focus has left its row");
  assert.equal(await page.locator("#log-total").innerText(), await page.evaluate(async () => new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html").querySelector("#log-total").textContent.replace(/\s+/g, " ").trim()));
  await page.close();
});

test("an incident: a contact from another desk is there, what is typed stays, a newer revision is told", async () => {
  const page = await watching.newPage();
  await page.goto(`/incidents/${incident}`);
  const contacts = await page.locator("[data-testid=contact]").count();
  const box = page.locator("main form[method=post] textarea:visible").first();
  await box.fill("Half a sentence");
  await page.evaluate(() => (window.kept = document.activeElement));
  await logContact("no_answer");
  await page.waitForFunction((n) => document.querySelectorAll("[data-testid=contact]").length === n, contacts + 1, { timeout: 5000 });
  await page.locator("#inc-status", { hasText: "Attempted" }).waitFor({ timeout: 2000 });

  const desk = await acting.newPage();
  await desk.goto(`/incidents/${incident}/edit`);
  await desk.locator("[name=title]").fill("Another title");
  await desk.locator("[name=reason]").fill("a better title");
  await Promise.all([desk.waitForNavigation(), desk.locator("[name=title]").press("Control+Enter")]);
  await desk.close();
  await page.locator("[data-newer]").getByText("by officer exists").waitFor({ timeout: 4000 });
  assert.equal(await box.inputValue(), "Half a sentence");
  assert.equal(await page.evaluate(() => window.kept === document.activeElement && window.kept.isConnected), true, "the cursor has left the field");
  assert.notEqual(await page.locator("h1").innerText(), "Another title", "the facts changed under the reader");
  await page.close();
});

test("lines, contacts and the reports to check follow, too", async () => {
  const open = async (where) => {
    const page = await watching.newPage();
    await page.goto(where);
    return page;
  };
  const lines = await open("/lines"), contacts = await open("/contacts?exercise=include"), queue = await open("/verify?exercise=include");
  const total = (page, id) => page.locator(id).innerText().then((t) => Number(/\d+/.exec(t)[0]));
  const before = { contacts: await total(contacts, "#contacts-total"), queue: await total(queue, "#queue-total") };
  await logContact("refused");
  await reports(1, 3);
  const reaches = (page, id, n) => page.waitForFunction(([id, n]) => Number(/\d+/.exec(document.querySelector(id).textContent)[0]) === n, [id, n], { timeout: 5000 });
  await reaches(contacts, "#contacts-total", before.contacts + 1);
  assert.match(await contacts.locator("#contacts [data-row]").first().innerText(), /Refused/i);
  await reaches(queue, "#queue-total", before.queue + 1);
  for (const page of [lines, contacts, queue]) await page.close();
  assert.deepEqual([...watching.faults, ...acting.faults], []);
});
