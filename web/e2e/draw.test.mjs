// A position drawn on the map beside its field: by keyboard alone, by mouse and
// by finger; what is drawn is read, and what is typed moves the mark.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axe, looks, openContext, overflow, sizes, startBrowser, startServer } from "./site.mjs";

let server, browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A new report with the map open, its position typed before. */
async function openMap(context, typed = "") {
  const page = await context.newPage();
  await page.goto("/incidents/new");
  if (await page.locator(".steps").isVisible()) await page.check("#step-2", { force: true }); // one line at a time on a phone
  await page.fill("[name=position]", typed);
  await page.keyboard.press("Alt+m");
  await ready(page);
  return page;
}

/** Waits until the map has drawn itself, which it does over several frames. */
async function ready(page) {
  await page.waitForSelector(".drawmap canvas");
  await page.waitForFunction(() => {
    const canvas = document.querySelector(".drawmap canvas");
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4 * 97) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    return seen.size > 10;
  });
}

const text = (page) => page.inputValue("[name=position]");

/** Waits for a text that fits, and for the reading of it. */
async function written(page, pattern) {
  await page.waitForFunction((p) => new RegExp(p, "u").test(document.querySelector("[name=position]").value), pattern.source);
  return text(page);
}

/** Degrees of the positions in a text of degrees and minutes: latitude, longitude. */
function degreesOf(words) {
  return [...words.matchAll(/(\d\d)([\d.]+)([NS]) (\d\d\d)([\d.]+)([EW])/g)].map(([, a, b, ns, c, d, ew]) => [(Number(a) + Number(b) / 60) * (ns === "S" ? -1 : 1), (Number(c) + Number(d) / 60) * (ew === "W" ? -1 : 1)]);
}

/** Where the mark is, in px of the page: the middle of all in the colour of the hand. */
function mark(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector(".drawmap canvas");
    const you = getComputedStyle(document.documentElement).getPropertyValue("--you").trim();
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(you.slice(i, i + 2), 16));
    const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let n = 0, x = 0, y = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] !== r || data[i + 1] !== g || data[i + 2] !== b) continue;
      n++, (x += (i / 4) % width), (y += Math.floor(i / 4 / width));
    }
    const box = canvas.getBoundingClientRect();
    return n === 0 ? null : { x: box.x + (x / n) * (box.width / width), y: box.y + (y / n) * (box.width / width) };
  });
}

/** Waits for the mark to stand still at another place than it was. */
async function moved(page, from) {
  let last = null;
  for (let i = 0; i < 40; i++) {
    await page.waitForTimeout(100);
    const now = await mark(page);
    const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
    if (now && last && apart(now, last) < 0.5 && (!from || apart(now, from) > 5)) return now;
    last = now;
  }
  throw new Error(`the mark stays at ${JSON.stringify(last)}`);
}

test("a point by keyboard alone; the text follows the zoom and the notation", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/incidents/new");
  const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").some((r) => /drawmap/.test(r.name)));
  assert.equal(await loaded(), false, "nobody waits for a map that is not asked for");
  await page.fill("[name=position]", "5854N 02230E");
  await page.keyboard.press("Alt+m");
  await ready(page);
  assert.equal(await loaded(), true);
  await page.waitForFunction(() => document.activeElement.matches(".drawmap"));
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  assert.match(await page.innerText(".drawat"), /^\d{4}N \d{5}E$/);
  assert.equal(await page.textContent("#live"), await page.innerText(".drawat"), "where the cross hair is can be heard");
  await page.keyboard.press("Enter");
  const coarse = await written(page, /^(?!5854N)\d{4}N \d{5}E$/);
  const [lat, lon] = degreesOf(coarse)[0];
  assert.ok(lon > 23 && lon < 27 && Math.abs(lat - 58.9) < 0.5, coarse);
  await page.waitForFunction(() => /Baltic/.test(document.getElementById("position-read").textContent));
  await page.waitForFunction((words) => document.getElementById("readback").textContent.includes(words), `within ${await page.inputValue("[name=uncertainty]")} NM of`);
  const within = Number(await page.inputValue("[name=uncertainty]"));
  assert.ok(within >= 1, `a click on the whole sea is known within ${within} NM`);

  for (let i = 0; i < 8; i++) {
    await page.keyboard.press("+");
    await page.waitForTimeout(200);
  }
  await page.keyboard.press("Enter");
  await written(page, /^\d{4}\.\d{1,2}N \d{5}\.\d{1,2}E$/);
  assert.ok(Number(await page.inputValue("[name=uncertainty]")) < within / 10, "its own estimate follows the zoom");

  for (const [notation, form] of [["dd", /^\d\d\.\d{2,4}N \d{3}\.\d{2,4}E$/], ["dms", /^\d{6}N \d{7}E$/], ["mgrs", /^\d\d\.\d{2,4}N/]]) {
    await page.evaluate((n) => (document.documentElement.dataset.notation = n), notation);
    await page.keyboard.press("Enter");
    assert.match(await written(page, form), form, notation);
  }
  await page.fill("[name=uncertainty]", "12");
  await page.focus(".drawmap");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue("[name=uncertainty]"), "12", "what a person wrote stays");
  const sent = await page.evaluate(() => [...new FormData(document.querySelector("[data-readback]")).keys()].filter((k) => /draw/.test(k)));
  assert.deepEqual(sent, [], "the tools are no part of the report");

  await page.keyboard.press("Escape");
  assert.equal(await page.locator("[data-draw-panel]").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.name), "position");
  await page.keyboard.press("Alt+m");
  assert.equal(await page.evaluate(() => document.activeElement.className), "drawmap");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("the key is in the list of keys", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await context.newPage();
  await page.goto("/incidents/new");
  await page.focus("[data-draw-button]");
  await page.keyboard.press("?");
  assert.match(await page.innerText("dialog[open]"), /draw the position on a map/);
  await context.close();
});

test("a point by mouse is where the mark was, and typed text moves the mark", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await openMap(context, "5854N 02230E");
  await page.focus("[name=position]");
  const first = await moved(page);
  await page.mouse.click(first.x, first.y);
  const [lat, lon] = degreesOf(await written(page, /^(?!5854N 02230E)\d{4}N/))[0];
  assert.ok(Math.abs(lat - 58.9) < 0.15 && Math.abs(lon - 22.5) < 0.25, `${lat} ${lon}`);

  await page.fill("[name=position]", "5530N 01700E");
  const second = await moved(page, first);
  assert.ok(second.x < first.x && second.y > first.y, "it lies to the south-west");
  await page.fill("[name=position]", "7200N 02000E");
  await page.waitForFunction(() => document.querySelector("[name=draw-sea]:checked").value === "norwegian");
  await ready(page);
  const third = await moved(page);
  await page.mouse.click(third.x, third.y);
  const [north, east] = degreesOf(await written(page, /^(?!7200N 02000E)7/))[0];
  assert.ok(Math.abs(north - 72) < 0.2 && Math.abs(east - 20) < 0.6, `${north} ${east}`);
  await page.fill("[name=position]", "3000S 15000W");
  await page.waitForFunction(() => /outside this map/.test(document.querySelector(".drawhint").textContent));
  await page.fill("[name=position]", "nowhere");
  for (let i = 0; (await mark(page)) !== null; i++) {
    assert.ok(i < 50, "what cannot be read has no mark");
    await page.waitForTimeout(100);
  }
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("a track and an area by mouse; Esc takes back what is unfinished", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await openMap(context);
  const box = await page.locator(".drawmap").boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.check("[name=draw-tool][value=track]", { force: true });
  await page.mouse.click(...at(0.45, 0.7));
  await page.mouse.click(...at(0.55, 0.6));
  await page.mouse.dblclick(...at(0.6, 0.5));
  const track = degreesOf(await written(page, / → .* → /));
  assert.equal(track.length, 3);
  assert.ok(track[0][0] < track[1][0] && track[1][0] < track[2][0], "northward");
  await page.waitForFunction(() => / → /.test(document.getElementById("position-read").textContent));
  assert.deepEqual(await page.locator(".drawmap").boundingBox(), box, "the reading does not push the map about");

  await page.check("[name=draw-tool][value=area]", { force: true });
  await page.mouse.click(...at(0.5, 0.5));
  await page.mouse.click(...at(0.6, 0.5));
  assert.equal(await page.isEnabled(".drawtools button >> text=Finish"), false);
  await page.keyboard.press("Escape");
  assert.equal(await page.isEnabled(".drawtools button >> text=Take back"), false);
  assert.match(await text(page), / → /, "nothing was written");
  for (const [x, y] of [[0.5, 0.5], [0.6, 0.5], [0.6, 0.7]]) await page.mouse.click(...at(x, y));
  await page.keyboard.press("Enter"); // once more where the last corner is
  const area = await written(page, /^area /);
  assert.match(area, /^area \d{4}N \d{5}E(; \d{4}N \d{5}E){3}$/);
  await page.waitForFunction(() => /area/.test(document.getElementById("position-read").textContent));
  assert.equal(await page.locator("#position-read .warn").count(), 0);
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("a track by keyboard alone, with its buttons", async () => {
  const context = await openContext(browser, server, { user: "officer" });
  const page = await openMap(context);
  await page.focus("[name=draw-tool]:checked");
  await page.keyboard.press("t");
  await page.focus(".drawmap");
  for (const key of ["Enter", "ArrowRight", "ArrowRight", "ArrowRight", "Enter", "ArrowDown", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await page.keyboard.press("Backspace");
  await page.click(".drawtools button >> text=Finish");
  assert.equal(degreesOf(await written(page, / → /)).length, 2);
  assert.deepEqual(context.faults, []);
  await context.close();
});

for (const { theme, width, size } of looks) {
  test(`the open map is clean: ${theme}, ${width}`, async () => {
    const context = await openContext(browser, server, { user: "officer", theme, size });
    const page = await openMap(context, "area 5854N 02130E; 5910N 02000E; 5800N 02100E");
    assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page), 0);
    if (size.width < 600) {
      const box = await page.locator(".drawmap").boundingBox();
      assert.ok(box.y + box.height / 2 < size.height, "opened, it is in sight");
      await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
      await written(page, /^\d{4}N \d{5}E$/);
    }
    assert.deepEqual(context.faults, []);
    await context.close();
  });
}

test("scripts off there is no button, and where the map fails the form says so", async () => {
  const plain = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await plain.newPage();
  await page.goto("/incidents/new");
  assert.equal(await page.locator("[data-draw-button]").count(), 0);
  await plain.close();
  const context = await openContext(browser, server, { user: "officer" });
  await context.route(/drawmap/, (route) => route.abort());
  const broken = await context.newPage();
  await broken.goto("/incidents/new");
  await broken.click("[data-draw-button]");
  await broken.waitForFunction(() => /Type the position/.test(document.querySelector("[data-draw-panel]").textContent));
  await context.close();
});
