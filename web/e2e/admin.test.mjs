// Administration: a user who is added signs in, a policy is tried before it is
// saved, and the audit log finds both.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let server, browser, admin, page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  admin = await openContext(browser, server, { user: "admin" });
  page = await admin.newPage();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a user who was added signs in with the password that was shown once", async () => {
  await page.goto("/lines");
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await page.waitForURL("**/admin");
  await page.click("[data-testid=places] a[href='/users']");
  await page.fill("[name=name]", "lind");
  await page.check("[name=role][value=officer]");
  await page.press("[name=name]", "Control+Enter");
  await page.waitForURL("**/users/lind?added=*");
  const password = await page.innerText("[data-testid=password]");
  assert.match(password, /^\w{20}$/);
  await page.reload();
  assert.equal(await page.locator("[data-testid=password]").count(), 0);

  const other = await openContext(browser, server);
  const theirs = await other.newPage();
  await theirs.goto("/login?next=/incidents/new");
  await theirs.fill("input[name=name]", "lind");
  await theirs.fill("input[name=password]", password);
  await theirs.press("input[name=password]", "Enter");
  await theirs.waitForURL("**/incidents/new");

  await page.click("button[value=sign_out]");
  await page.waitForURL("**/users/lind?done=sign_out");
  await theirs.goto("/lines");
  assert.match(theirs.url(), /\/login/);
  assert.deepEqual(other.faults, []);
  await other.close();
});

test("another policy is tried on last year, and then saved", async () => {
  await page.goto("/policies");
  await page.keyboard.press("e");
  await page.waitForURL("**/policies/new");
  await page.selectOption("[name=need-serious-baltic]", "direct");
  await page.fill("[name=within-serious-baltic]", "2");
  await page.click("[data-testid=what-if]");
  await page.waitForFunction(() => document.title.startsWith("Error:"));
  assert.match(await page.innerText("#within-serious-baltic-err"), /no unit/);
  await page.fill("[name=within-serious-baltic]", "2 h");
  await page.click("[data-testid=what-if]");
  await page.waitForSelector("[data-testid=whatif]");
  assert.match(await page.innerText("[data-testid=whatif]"), /held against version 1/);
  assert.equal(await page.inputValue("[name=within-serious-baltic]"), "2 h");
  assert.deepEqual(await axe(page), []);
  await page.fill("[name=reason]", "the Baltic is narrow");
  await page.press("[name=reason]", "Control+Enter");
  await page.waitForURL("**/policies?saved=1");
  assert.match(await page.innerText("[data-testid=versions] > li"), /Version 2[\s\S]*the Baltic is narrow[\s\S]*2 h/);
});

test("the audit log finds them", async () => {
  await page.goto("/audit");
  await page.keyboard.press("f");
  await page.keyboard.type("narrow");
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?&]q=narrow/);
  assert.equal(await page.locator("[data-testid=entry]").count(), 1);
  await page.click("[data-testid=entry] a");
  await page.waitForURL("**/policies#v2");
  await page.goto("/audit?object=user/lind");
  assert.match(await page.innerText("[data-testid=entries]"), /user\.sign_out[\s\S]*user\.sign_in[\s\S]*user\.add/);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(admin.faults, []);
});

test("a token that was shown once opens the export until it is revoked", async () => {
  await page.goto("/profile");
  await page.fill("#token-name", "QGIS of the map desk");
  await page.check("[name=scope][value=export]");
  await page.press("#token-name", "Control+Enter");
  await page.waitForURL("**/profile?token=*");
  const token = await page.innerText("[data-testid=token]");
  assert.match(token, /^ilt_[a-z2-7]{16}_[a-z2-7]{52}$/);
  assert.ok(!page.url().includes(token));
  assert.deepEqual(await axe(page), []);
  await page.reload();
  assert.equal(await page.locator("[data-testid=token]").count(), 0);

  const ask = () => fetch(`${server.url}/export/incidents.geojson`, { headers: { Authorization: `Bearer ${token}` } });
  let answer = await ask();
  assert.equal(answer.status, 200);
  assert.ok((await answer.json()).features.length > 100);
  await page.reload();
  assert.doesNotMatch(await page.innerText("[data-testid=token-row] [data-l='Last use']"), /never/);
  await page.keyboard.press("r"); // in no row: nothing
  assert.equal((await ask()).status, 200);
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await page.waitForURL("**/profile?done=revoked*");
  answer = await ask();
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), /^Basic realm="Intercept Log"/);
  assert.match((await answer.json()).detail, /revoked/);
  assert.deepEqual(admin.faults, []);
});

test("a token is made, used and revoked without scripts", async () => {
  const context = await openContext(browser, server, { user: "admin", scripts: false });
  const plain = await context.newPage();
  await plain.goto("/users/lind");
  await plain.fill("#token-name", "one sea");
  await plain.fill("#token-filter", "region=pacific");
  await plain.click("[data-testid=add-token] button");
  assert.match(await plain.innerText("#token-filter-err"), /baltic, black, norwegian/);
  await plain.fill("#token-filter", "region=black");
  await plain.click("[data-testid=add-token] button");
  const token = await plain.innerText("[data-testid=token]");
  const headers = { Authorization: `Basic ${btoa(`lind:${token}`)}` };
  const answer = await fetch(`${server.url}/export/incidents.geojson`, { headers });
  assert.equal(answer.status, 403); // read alone was picked
  await plain.click("[data-testid=token-row] button");
  assert.match(await plain.innerText("[data-testid=token-row]"), /was revoked/);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("nothing is wider than a phone", async () => {
  const context = await openContext(browser, server, { user: "admin", size: sizes.phone });
  const small = await context.newPage();
  for (const where of ["/admin", "/users", "/users/lind", "/profile", "/audit", "/policies", "/policies/new"]) {
    await small.goto(where);
    assert.equal(await overflow(small), 0, where);
    await small.setViewportSize({ width: 320, height: 700 });
    assert.equal(await overflow(small), 0, `${where} at 320 px`);
    await small.setViewportSize(sizes.phone);
  }
  assert.deepEqual(context.faults, []);
});
