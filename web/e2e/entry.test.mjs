// Crash tests of the report form with the real server and the real browser:
// whatever breaks, the words come back, and there is one incident.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { startServer, startBrowser, openContext, signIn } from "./site.mjs";

let server, browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A minimal report, typed; gives its id. */
async function begin(page, words) {
  await page.goto("/incidents/new");
  const id = await page.inputValue("[name=id]");
  await page.check("[name=severity][value=near_routine]", { force: true }); // before what is read back moves the lines
  await page.fill("[name=start]", "-25m");
  await page.fill("[name=position]", "5512N 01848E");
  await page.fill("[name=intercepting_nations]", "PL");
  await page.fill("[name=intercepted_nations]", "RU");
  await page.fill("[name=severity_reason]", "routine");
  await page.click("[name=narrative]");
  await page.keyboard.type(words);
  return id;
}

/** Kills every process of the browser on a profile, without a word. */
function killAll(profile) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`--user-data-dir=${profile}`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // gone between two looks
    }
  }
}

/** Waits until the server has what was typed. */
const kept = (page) => page.waitForFunction(() => /Kept on the server/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));

async function count(context, id) {
  const answer = await context.request.get("/export/incidents.geojson?exercise=include");
  return (await answer.json()).features.filter((f) => f.id === id).length;
}

test("what is read back waits while a choice is pressed, and the click counts", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await begin(page, "Two jets met an Il-20.");
  await kept(page);
  const choice = page.locator("[name=severity][value=high_risk]");
  const label = page.locator("label", { has: choice });
  const read = page.locator("#position-read");
  await label.scrollIntoViewIfNeeded();
  const before = await read.innerText();
  const answered = page.waitForResponse(/\/read\/position/);
  await page.evaluate(() => {
    const input = document.querySelector("[name=position]");
    input.value = "N of Gotland"; // a question takes more lines than an answer
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await label.hover();
  await page.mouse.down();
  const place = await label.boundingBox();
  await answered;
  await page.waitForTimeout(150);
  assert.deepEqual(await label.boundingBox(), place, "the choice has moved under the pointer");
  assert.equal(await read.innerText(), before);
  await page.mouse.up();
  await page.waitForFunction((old) => document.querySelector("#position-read").innerText !== old, before);
  assert.ok(await choice.isChecked());
  assert.notDeepEqual(await label.boundingBox(), place, "the test moves nothing");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("a reload comes back to the same words and the same cursor", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await begin(page, "Two jets met an Il-20.");
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("old ");
  await kept(page);
  await page.reload();
  assert.equal(await page.inputValue("[name=narrative]"), "Two jets met an old Il-20.");
  assert.equal(await page.evaluate(() => document.activeElement?.name), "narrative");
  assert.equal(await page.evaluate(() => document.activeElement?.selectionStart), "Two jets met an old ".length);
  assert.equal(await page.inputValue("[name=start]"), "-25m");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("kill -9 of the server in mid-form loses nothing and files once", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const id = await begin(page, "Before the fall.");
  await kept(page);
  const port = new URL(server.url).port;
  server.child.kill("SIGKILL");
  await server.gone;
  await page.keyboard.type(" After it.");
  await page.waitForFunction(() => /cannot be reached/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => /Not filed: the server cannot be reached/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));
  server = { ...(await startServer({ data: server.folder, args: ["--sample", "--listen", `127.0.0.1:${port}`] })) };
  await page.waitForURL(`**/incidents/${id}`, { timeout: 20_000 });
  assert.match(await page.innerText("main"), /Before the fall. After it./);
  assert.equal(await count(context, id), 1);
  await context.close();
});

test("kill -9 of the browser in mid-form loses at most two seconds of typing", async () => {
  const profile = await mkdtemp(path.join(tmpdir(), "interceptlog-browser-"));
  const open = () => chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", baseURL: server.url, args: ["--no-sandbox", "--disable-gpu"], handleSIGINT: false });
  let context = await open();
  await signIn(context, "officer");
  let page = await context.newPage();
  const id = await begin(page, "Typed and kept.");
  await page.waitForTimeout(2000);
  await page.keyboard.type(" lost?");
  killAll(profile);
  await context.close().catch(() => undefined);
  context = await open();
  await signIn(context, "officer").catch(() => undefined); // its session may have lived through it
  page = await context.newPage();
  await page.goto(`/incidents/new?id=${id}`);
  assert.match(await page.inputValue("[name=narrative]"), /^Typed and kept\./);
  assert.equal(await page.inputValue("[name=position]"), "5512N 01848E");
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test("the sign-in runs out while one types: the words wait", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const id = await begin(page, "Typed while signed in.");
  await kept(page);
  const cookies = await context.cookies();
  await context.clearCookies({ name: "interceptlog" });
  await page.keyboard.type(" And after.");
  await page.waitForSelector("[data-draft-state] a");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => /signed out/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));
  assert.equal(cookies.length > 0, true);
  await page.click("[data-draft-state] a");
  await page.fill("input[name=name]", "officer");
  await page.fill("input[name=password]", "sample-officer");
  await page.press("input[name=password]", "Enter");
  await page.waitForURL(`**/incidents/new?id=${id}`);
  assert.equal(await page.inputValue("[name=narrative]"), "Typed while signed in. And after.");
  await page.press("[name=narrative]", "Control+Enter");
  await page.waitForURL(`**/incidents/${id}`);
  assert.equal(await count(context, id), 1);
  await context.close();
});

test("the network goes at the moment of saving: it is filed once, by itself", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const id = await begin(page, "Filed into the void.");
  await kept(page);
  await context.setOffline(true);
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => /Not filed/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));
  await page.keyboard.type(" More.");
  await context.setOffline(false);
  await page.waitForURL(`**/incidents/${id}`, { timeout: 15_000 });
  assert.match(await page.innerText("main"), /Filed into the void\. More\./);
  assert.equal(await count(context, id), 1);
  await context.close();
});

test("a reload without the server is still a form, and it files once when it is back", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/incidents/new");
  await page.waitForFunction(() => caches.open("report-form").then((c) => c.match("/incidents/new?offline=1")).then(Boolean));
  const id = await begin(page, "Begun with the server.");
  await kept(page);
  await context.setOffline(true);
  await page.keyboard.type(" Gone on without it.");
  await page.reload();
  assert.equal(await page.inputValue("[name=narrative]"), "Begun with the server. Gone on without it.");
  assert.equal(await page.inputValue("[name=id]"), id);
  await page.press("[name=narrative]", "Control+Enter");
  await page.waitForFunction(() => /Not filed/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""));
  // A second report, begun without the server altogether.
  const other = await context.newPage();
  await other.goto("/incidents/new");
  const second = await other.inputValue("[name=id]");
  assert.notEqual(second, id);
  await other.fill("[name=narrative]", "Begun without the server.");
  await context.setOffline(false);
  await page.waitForURL(`**/incidents/${id}`, { timeout: 20_000 });
  assert.match(await page.innerText("main"), /Gone on without it/);
  assert.equal(await count(context, id), 1);
  await other.waitForFunction(() => /Kept on the server/.test(document.querySelector("[data-draft-state]")?.textContent ?? ""), null, { timeout: 20_000 });
  await context.close();
});

test("an answer that is lost on its way makes no second incident", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const id = await begin(page, "Written, not heard.");
  let dropped = 0;
  await page.route("**/incidents", async (route) => {
    if (route.request().method() !== "POST" || dropped > 0 || (route.request().postData() ?? "").includes("add=readback")) return route.fallback();
    dropped++;
    await route.fetch({ maxRedirects: 0 }).catch(() => undefined); // the server writes
    await route.abort("connectionreset"); // and nobody hears
  });
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(`**/incidents/${id}`, { timeout: 15_000 });
  assert.equal(dropped, 1);
  assert.equal(await count(context, id), 1);
  await context.close();
});

test("a double click and the way back make one incident", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  const id = await begin(page, "Clicked twice.");
  await page.locator("button[type=submit].go").dblclick();
  await page.waitForURL(`**/incidents/${id}`);
  await page.goBack();
  await page.waitForLoadState();
  // Either the browser's own copy of the form or the incident: filing again changes nothing.
  if (await page.locator("[name=narrative]").count()) {
    await page.press("[name=narrative]", "Control+Enter");
    await page.waitForURL(`**/incidents/${id}`);
  }
  assert.equal(await count(context, id), 1);
  await context.close();
});

test("one form in two tabs is one incident, and no words are lost", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const one = await context.newPage();
  const id = await begin(one, "From the first tab.");
  await kept(one);
  const two = await context.newPage();
  await two.goto(`/incidents/new?id=${id}`);
  assert.equal(await two.inputValue("[name=narrative]"), "From the first tab.");
  await two.fill("[name=narrative]", "From the second tab.");
  await one.press("[name=narrative]", "Control+Enter");
  await one.waitForURL(`**/incidents/${id}`);
  await two.press("[name=narrative]", "Control+Enter");
  await two.waitForSelector("[data-testid=conflict]");
  assert.equal(await two.inputValue("[name=narrative]"), "From the second tab.");
  assert.equal(await count(context, id), 1);
  await context.close();
});
