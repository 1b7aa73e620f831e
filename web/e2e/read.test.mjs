// The analyst's and the GIS user's story: filter, export, map; by keyboard
// alone; and all of it with scripts off.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { findIncident, openContext, signIn, startBrowser, startServer } from "./site.mjs";

let server, browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the list's filter is in its address, and its export holds the same incidents", async () => {
  const context = await openContext(browser, server, { user: "analyst" });
  const page = await context.newPage();
  await page.goto("/incidents");
  assert.match(await page.innerText("[data-testid=total]"), /115/);
  await page.check("[name=region][value=black]");
  await page.check("[name=severity][value=high_risk]");
  await page.click("[data-testid=filters] button[type=submit]");
  await page.waitForURL(/region=black/);
  assert.match(page.url(), /severity=high_risk/);
  const rows = await page.locator("[data-testid=incident-row]").evaluateAll((list) => list.map((r) => r.dataset.id));
  const exported = await (await context.request.get(await page.getAttribute("[data-testid=export-link]", "href"))).json();
  assert.deepEqual(exported.features.map((f) => f.id).sort(), rows.sort());
  assert.ok(rows.length > 0);
  await page.goto("/incidents?region=pacific");
  assert.match(await page.innerText("[role=alert]"), /baltic, black, norwegian/);
  await page.goto("/incidents");
  const first = await page.locator("[data-testid=incident-row]").first().getAttribute("data-id");
  await page.locator("a[rel=next]").click();
  await page.waitForURL(/after=/);
  assert.notEqual(await page.locator("[data-testid=incident-row]").first().getAttribute("data-id"), first);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("rows that are chosen are a list, a map and files of their own, by mouse, by key and without scripts", async () => {
  const context = await openContext(browser, server, { user: "analyst" });
  const page = await context.newPage();
  await page.goto("/incidents?region=black");
  const row = (i) => page.locator("[data-testid=incident-row]").nth(i);
  const bar = page.locator("[data-testid=chosen]");
  assert.ok(!(await bar.isVisible()), "nothing is chosen, and nothing is offered");
  const ids = await Promise.all([0, 2, 3, 4].map((i) => row(i).getAttribute("data-id")));
  await page.keyboard.press("m"); // in no row: nothing
  assert.ok(!(await bar.isVisible()));
  await page.keyboard.press("j");
  await page.keyboard.press("m");
  await bar.waitFor();
  await row(2).locator("input[name=number]").click();
  await row(4).locator("input[name=number]").click({ modifiers: ["Shift"] });
  assert.equal(await page.locator("input[name=number]:checked").count(), 4);
  assert.ok(await page.locator("[data-choose-all]").evaluate((box) => box.indeterminate && !box.checked));
  await bar.locator("text=Only these").click();
  await page.waitForURL(/number=/);
  assert.match(await page.innerText("[data-testid=total]"), /^4 /);
  const rows = async (on) => (await on.locator("[data-testid=incident-row]").evaluateAll((list) => list.map((r) => r.dataset.id))).sort();
  assert.deepEqual(await rows(page), ids.slice().sort());
  const exported = await (await context.request.get(await page.getAttribute("[data-testid=export-link]", "href"))).json();
  assert.deepEqual(exported.features.map((f) => f.id).sort(), ids.slice().sort());
  await page.locator("[data-choose-all]").check();
  await bar.locator("text=None").click();
  assert.equal(await page.locator("input[name=number]:checked").count(), 0);
  await page.waitForFunction(() => !document.querySelector("[data-choose-all]").checked);
  await page.locator("[data-choose-all]").check();
  await bar.locator("text=Files").click();
  await page.waitForURL(/\/export\?/);
  assert.match(await page.innerText("[data-testid=total]"), /^4 /);
  assert.deepEqual(context.faults, []);
  await context.close();

  const plain = await openContext(browser, server, { user: "analyst", scripts: false });
  const still = await plain.newPage();
  await still.goto("/incidents?exercise=only");
  await still.locator("input[name=number]").nth(1).check();
  const id = await still.locator("[data-testid=incident-row]").nth(1).getAttribute("data-id");
  await still.click("[data-testid=chosen] >> text=Only these");
  assert.deepEqual(await rows(still), [id], "what the list showed beside the usual is shown still");
  await plain.close();
});

test("a search is pinned by a link, and one click from there tells what it gives otherwise today", async () => {
  const context = await openContext(browser, server, { user: "supervisor" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  await page.goto("/incidents?severity=high_risk&region=black&exercise=include");
  const rows = () => page.locator("[data-testid=incident-row]").evaluateAll((list) => list.map((r) => r.dataset.id));
  const seen = await rows();
  await page.click("[data-testid=pin-link]");
  await page.waitForURL(/as_of=/);
  const pinned = page.url();
  assert.deepEqual(await rows(), seen);
  await page.click("[data-copy]");
  await page.waitForFunction(() => document.querySelector("[data-copy]").textContent === "Address copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), pinned);
  const gone = await context.request.post(`/incidents/${seen[0]}/retract`, { form: { reason: "reported twice", base: "1" }, headers: { Origin: server.url }, maxRedirects: 0 });
  assert.equal(gone.status(), 303);
  await page.goto(pinned);
  assert.deepEqual(await rows(), seen, "the pinned address gives the same rows");
  await page.click("[data-testid=difference-link]");
  await page.waitForURL(/\/incidents\/difference/);
  const row = page.locator("[data-testid=difference-fell] [data-testid=difference-row]");
  assert.equal(await row.count(), 1);
  assert.equal(await row.getAttribute("data-id"), seen[0]);
  assert.match(await row.innerText(), /Retracted[^]*reported twice/);
  assert.equal(await page.innerText("[data-part=same] b"), String(seen.length - 1));
  await row.locator("text=as it was then").click();
  await page.waitForURL(/as_of=/);
  assert.doesNotMatch(await page.innerText("main"), /reported twice/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

for (const region of ["baltic", "norwegian", "black"]) {
  test(`the map of ${region} is alive, and one selection holds for it and the list`, async () => {
    const context = await openContext(browser, server, { user: "viewer" });
    const page = await context.newPage();
    await page.goto(`/regions/${region}`);
    await page.waitForSelector("[data-map].live canvas");
    const row = page.locator("[data-testid=map-row]").first();
    await row.locator("a").first().focus();
    await page.waitForSelector(".mcard");
    assert.match(await row.getAttribute("class"), /cur/);
    assert.ok((await page.innerText(".mcard")).includes((await row.locator("a").first().innerText()).slice(0, 20)));
    // Something is drawn: the canvas has more than one colour.
    const colours = await page.evaluate(() => {
      const canvas = document.querySelector("[data-map] canvas");
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4 * 97) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return seen.size;
    });
    assert.ok(colours > 3, `${colours} colours`);
    assert.deepEqual(context.faults, []);
    await context.close();
  });
}

test("where one looks stands in the address, and outlives a filter", async () => {
  const context = await openContext(browser, server, { user: "viewer" });
  const page = await context.newPage();
  await page.goto("/regions/baltic");
  await page.waitForSelector("[data-map].live canvas");
  assert.equal(await page.evaluate(() => location.hash), "", "the whole sea needs no words");
  await page.focus(".maplive");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await page.waitForFunction(() => /^#at=/.test(location.hash));
  await page.waitForTimeout(600); // until the map stands still
  const look = await page.evaluate(() => location.hash);
  await page.reload();
  await page.waitForSelector("[data-map].live canvas");
  await page.check("#severity");
  await page.click(".apply button");
  await page.waitForURL(/severity=high_risk/);
  await page.waitForSelector("[data-map].live canvas");
  assert.equal(await page.evaluate(() => location.hash), look);
  await page.keyboard.press("0");
  await page.waitForFunction(() => location.hash === "");
  await page.keyboard.press("u");
  assert.equal(await page.getAttribute(".map-own [data-key=u]", "aria-pressed"), "true");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the whole watch by keyboard", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  assert.match(await page.innerText("dialog[open]"), /new report/i);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/incidents/*");
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL("**/lines");
  await page.keyboard.press("/");
  await page.keyboard.type("n MQ-9"); // an n in a field is a letter
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=n\+MQ-9/);
  await page.keyboard.press("n");
  await page.waitForURL("**/incidents/new");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "start");
  await page.keyboard.type("gn"); // the default goes with the first key, and letters are letters
  assert.equal(await page.inputValue("[name=start]"), "gn");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the clock runs, and the look changes without loading the page", async () => {
  const context = await openContext(browser, server, { user: "viewer" });
  const page = await context.newPage();
  await page.goto("/");
  const countdown = page.locator("[data-countdown]").first();
  const was = await countdown.innerText();
  await page.evaluate(() => (globalThis.marker = "here"));
  await page.click(".look summary");
  await page.click("[data-theme-form] button[value=day]");
  await page.waitForSelector("html[data-theme=day]");
  assert.equal(await page.evaluate(() => globalThis.marker), "here");
  await page.waitForFunction((t) => document.querySelector("[data-countdown]").textContent !== t || /^0 h|h/.test(t), was, { timeout: 5000 });
  await page.reload();
  assert.equal(await page.getAttribute("html", "data-theme"), "day");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("scripts off: sign in, board, report, call, list, map, theme, help", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await context.newPage();
  await page.goto("/");
  assert.ok((await page.locator("[data-testid=strip]").count()) > 0);
  await page.goto("/incidents/new");
  await page.fill("[name=start]", "2026-11-20");
  await page.check("[name=start_precision][value=day]", { force: true });
  await page.selectOption("[name=region]", "black");
  await page.fill("[name=intercepted_nations]", "RU");
  await page.check("[name=severity][value=near_routine]", { force: true });
  await page.fill("[name=severity_reason]", "identified only");
  await page.locator("button[type=submit].go").click();
  await page.waitForURL(/incidents\/[0-9a-f-]{36}$/);
  assert.match(await page.innerText("main"), /Black/);
  await page.goto("/incidents?region=black&q=identified");
  await page.goto("/regions/norwegian");
  assert.ok((await page.locator("[data-map] svg a").count()) > 10, "the drawn map has its incidents as links");
  assert.equal(await page.locator("[data-testid=map-row]").count(), 35);
  await page.click(".look summary");
  await page.click("[data-theme-form] button[value=day]");
  assert.equal(await page.getAttribute("html", "data-theme"), "day");
  await page.goto("/help");
  assert.match(await page.innerText("main"), /de-escalation/i);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("an incident prints on A4 without the navigation", async () => {
  const context = await openContext(browser, server, { user: "analyst" });
  const id = await findIncident(browser, server, "q=MQ-9");
  const page = await context.newPage();
  await page.goto(`/incidents/${id}`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("nav").first().isVisible(), false);
  const pdf = await page.pdf({ format: "A4" });
  const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  // Everything known of an incident with three contacts and four sources.
  assert.ok(pages >= 1 && pages <= 7, `${pages} pages`);
  await context.close();
});

test("whoever may not write is told so, and led on", async () => {
  const context = await openContext(browser, server);
  await signIn(context, "viewer");
  const page = await context.newPage();
  const answer = await page.goto("/incidents/new");
  assert.equal(answer.status(), 403);
  assert.ok((await page.locator("[data-testid=ways-on] a, [data-testid=ways-on] button").count()) > 0);
  const missing = await page.goto("/no/such/page");
  assert.equal(missing.status(), 404);
  await context.close();
});

