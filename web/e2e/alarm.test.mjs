// What calls for somebody: on every page, heard where a desk wants it, and
// acknowledged by a person with a remark. That a shelved alert comes back is
// tested with a clock that can be moved, in web/alarms_test.go.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { axe, openContext, overflow, startBrowser, startServer } from "./site.mjs";

let browser, server;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

// In the sample the MiG-31 over Vaindloo is in the last minutes of its hour;
// the L-410 was entered after its deadline had passed.
const near = /MiG-31/, late = /L-410/;

test("a deadline that is near is one alarm, a late entry is none", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  const bar = page.locator("#alarms");
  await bar.locator("[data-testid=alarm][data-kind=alarm]").waitFor();
  assert.match(await bar.innerText(), near);
  assert.match(await bar.innerText(), /not acknowledged/);
  assert.match(await bar.locator("[data-testid=alarm-action]").innerText(), /Call again/);
  await page.goto("/alarms");
  const titles = await page.locator("[data-testid=alert] .a-title").allInnerTexts();
  assert.equal(titles.filter((t) => near.test(t)).length, 1, titles.join(" | "));
  assert.equal(titles.filter((t) => late.test(t)).length, 0, titles.join(" | "));
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the sound is off until a key turns it on, and silence is not acknowledge", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/");
  await page.locator("[data-sound-words]", { hasText: "sound off: press s" }).waitFor();
  const sounded = () => page.evaluate(() => Number(document.documentElement.dataset.sounded ?? 0));
  assert.equal(await sounded(), 0);
  await page.keyboard.press("s");
  await page.waitForFunction(() => Number(document.documentElement.dataset.sounded ?? 0) > 0, null, { timeout: 5000 });
  await page.locator("[data-sound]", { hasText: "sound on" }).waitFor();
  await page.locator("[data-silence]").click();
  const then = await sounded();
  await page.locator("[data-sound-words]", { hasText: "silent for 30 s" }).waitFor();
  await page.waitForTimeout(4500);
  assert.equal(await sounded(), then, "it sounds while it should be silent");
  assert.equal(await page.locator("#alarms").getAttribute("data-waiting").then(Number) > 0, true, "silence has acknowledged");
  await page.keyboard.press("s");
  await page.locator("[data-sound]", { hasText: "sound off" }).waitFor();
  await page.goto("/alarms");
  await page.locator("[data-sound-test] button").click();
  await page.locator("[data-sound-test] button", { hasText: "The log has it." }).waitFor();
  await context.close();
});

test("x, a remark and Enter acknowledge by name, and every other screen shows it", async () => {
  const watching = await openContext(browser, server, { user: "viewer" });
  const acting = await openContext(browser, server, { user: "officer" });
  const board = await watching.newPage(), desk = await acting.newPage();
  await board.goto("/");
  await board.locator("#alarms", { hasText: near }).waitFor();
  await board.evaluate(() => (window.kept = true));
  const waiting = Number(await board.locator("#alarms").getAttribute("data-waiting"));
  await desk.goto("/lines");
  await desk.keyboard.press("x");
  await desk.waitForURL(/\/alarms\?ack=/);
  await desk.waitForFunction(() => document.activeElement?.getAttribute("name") === "remark");
  await desk.keyboard.type("calling the counterpart");
  await desk.keyboard.press("Enter");
  const seen = desk.locator("#g-seen [data-testid=alert]", { hasText: near });
  await seen.waitFor();
  assert.match(await seen.innerText(), /acknowledged by officer \d{6}Z[A-Z]{3}\d{2}\s+“calling the counterpart”/);
  await board.waitForFunction((n) => document.getElementById("alarms").dataset.waiting === String(n - 1), waiting, { timeout: 3000 });
  assert.equal(await board.evaluate(() => window.kept), true, "the page was loaded anew");

  await seen.locator("summary").click();
  await seen.locator("[name=minutes]").selectOption("5");
  await seen.locator("[name=reason]").fill("the counterpart calls back at once");
  await seen.locator(".shelf button").click();
  assert.match(await desk.locator("#g-shelved [data-testid=alert]", { hasText: near }).innerText(), /shelved by officer/);
  assert.deepEqual([...watching.faults, ...acting.faults], []);
  await watching.close();
  await acting.close();
});

test("without scripts an alert is acknowledged by its form", async () => {
  const context = await openContext(browser, server, { user: "supervisor", scripts: false });
  const page = await context.newPage();
  await page.goto("/");
  await page.locator("#alarms a", { hasText: "Acknowledge" }).click();
  const first = page.locator("#g-waits [data-testid=alert]").first();
  const id = await first.getAttribute("id");
  await first.locator("[name=remark]").fill("seen, the line is being tried");
  await first.locator(".ack button").click();
  assert.match(await page.locator(".flash").innerText(), /Acknowledged/);
  assert.match(await page.locator(`#g-seen #${id}`).innerText(), /acknowledged by supervisor/);
  await page.goto("/alarms/log?exercise=include&by=supervisor");
  assert.match(await page.locator("[data-testid=alarm-entry]").first().innerText(), /seen, the line is being tried/);
  await page.goto("/alarms/figures?exercise=include");
  assert.equal(await page.locator("[data-testid=alarm-figures] tbody tr").count(), 8);
  await context.close();
});

test("nothing flashes faster than three times a second, and nothing where no motion is wanted; narrow screens hold it", async () => {
  const context = await openContext(browser, server, { user: "officer", size: { width: 390, height: 844 } });
  const page = await context.newPage();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const where of ["/", "/alarms", "/alarms/log?exercise=include"]) {
      await page.goto(where);
      assert.ok((await overflow(page)) <= 0, `${where} at ${width}: ${await overflow(page)} px too wide`);
    }
  }
  const look = () => page.evaluate(() => {
    const mark = document.createElement("span");
    mark.innerHTML = '<span class="al-kind k-alarm waits"><svg class="al-mark"></svg></span>';
    document.getElementById("alarms").append(mark);
    const style = getComputedStyle(mark.querySelector(".al-mark"));
    return [style.animationName, parseFloat(style.animationDuration)];
  });
  const [name, seconds] = await look();
  assert.notEqual(name, "none");
  assert.ok(seconds >= 1 / 3, `${seconds} s`);
  await page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal((await look())[0], "none");
  await context.close();
});
