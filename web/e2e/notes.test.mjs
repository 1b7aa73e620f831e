// What two people see of each other on one record, and what is kept beside it:
// comments and attachments, with scripts and without.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import path from "node:path";
import { axe, findIncident, looks, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

const picture = path.resolve(import.meta.dirname, "../../docs/screens/map-day-1440.jpg");
let server, browser, id;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  id = await findIncident(browser, server, "q=MQ-9");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("comments and attachments work without scripts", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await context.newPage();
  await page.goto(`/incidents/${id}`);
  await page.fill("#comment-text", "Asked the tower.\nNobody knew.");
  await page.click("text=Add the comment");
  assert.match(await page.innerText("[data-testid=comment]"), /Nobody knew\./);
  await page.setInputFiles("#attachment-file", picture);
  await page.click("text=Attach the file");
  await page.waitForSelector("[data-testid=attachment]");
  assert.match(await page.innerText("[data-testid=attachment] code"), /^[0-9a-f]{64}$/);
  await page.setInputFiles("#attachment-file", { name: "page.png", mimeType: "image/png", buffer: Buffer.from("<html>") });
  await page.click("text=Attach the file");
  assert.match(await page.innerText("#attachment-file-err"), /none of the kinds/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the preview is drawn, and a file that is too large is told before it is sent", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto(`/incidents/${id}#attachments`);
  const img = page.locator("[data-testid=attachment] img");
  await img.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector("[data-testid=attachment] img")?.naturalWidth === 480);
  await page.setInputFiles("#attachment-file", { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(10_000_001, 37) });
  assert.match(await page.locator("#attachment-file").evaluate((f) => f.validationMessage), /larger than 10 MB/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("two people see each other, and a field under edit stays as it is", async () => {
  const officer = await openContext(browser, server, { user: "officer" });
  const supervisor = await openContext(browser, server, { user: "supervisor" });
  const form = await officer.newPage();
  await form.goto(`/incidents/${id}/edit`);
  await form.fill("[name=narrative]", "typed, and not yet filed");
  const other = await supervisor.newPage();
  await other.goto(`/incidents/${id}`);
  await other.waitForFunction(() => document.querySelector("[data-others]")?.textContent?.includes("officer, editing"), undefined, { timeout: 20_000 });

  await other.goto(`/incidents/${id}/edit`);
  await other.fill("[name=sub_area]", "changed by the other");
  await other.fill("[name=reason]", "for the test");
  await other.locator("button[type=submit].go").click();
  await other.waitForURL(`**/incidents/${id}`);
  const before = await form.evaluate(() => JSON.stringify([...new FormData(document.querySelector("form.reportform"))]));
  await form.waitForSelector("[data-newer]:visible", { timeout: 20_000 });
  assert.match(await form.innerText("[data-newer]"), /Revision 2 by supervisor exists: look at what changed/);
  assert.equal(await form.evaluate(() => JSON.stringify([...new FormData(document.querySelector("form.reportform"))])), before);
  assert.equal(await form.inputValue("[name=narrative]"), "typed, and not yet filed");
  assert.equal(await form.getAttribute("[data-newer] a", "href"), `/incidents/${id}/history`);

  await form.close(); // says goodbye
  await other.waitForFunction(() => document.querySelector("[data-others]")?.textContent === "", undefined, { timeout: 20_000 });
  assert.deepEqual([...officer.faults, ...supervisor.faults], []);
  await officer.close();
  await supervisor.close();
});

test("a server that is away makes nobody present", async () => {
  const officer = await openContext(browser, server, { user: "officer" });
  const supervisor = await openContext(browser, server, { user: "supervisor" });
  const one = await officer.newPage();
  await one.goto(`/incidents/${id}`);
  const two = await supervisor.newPage();
  await two.goto(`/incidents/${id}`);
  await two.waitForFunction(() => document.querySelector("[data-others]")?.textContent === "Also here: officer", undefined, { timeout: 20_000 });
  await supervisor.setOffline(true);
  await two.waitForFunction(() => document.querySelector("[data-presence]")?.hidden, undefined, { timeout: 20_000 });
  await officer.close();
  await supervisor.close();
});

test("the notes pass axe and do not overflow", async () => {
  for (const [theme, size] of [...looks.map((l) => [l.theme, l.size]), ["day", sizes.phone], ["dusk", { width: 320, height: 640 }]]) {
    const context = await openContext(browser, server, { user: "supervisor", theme, size });
    const page = await context.newPage();
    await page.goto(`/incidents/${id}`);
    assert.deepEqual(await axe(page), [], `${theme} ${size.width}`);
    assert.ok((await overflow(page)) <= 0, `${theme} ${size.width}`);
    await context.close();
  }
});
