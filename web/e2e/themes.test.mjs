// The four themes: how dark the dark ones are, that red is red alone, that
// states are told by their shape, that a desk keeps its theme, that no page
// begins with a flash, and what the key parts look like.
//   UPDATE_GOLDEN=1 node --test web/e2e/themes.test.mjs   writes the goldens again
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { findIncident, openContext, startBrowser, startServer, themes, visit } from "./site.mjs";
import { differ, openLight } from "./light.mjs";

let server, browser, light, incident;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  light = await openLight(browser);
  incident = await findIncident(browser, server, "q=MQ-9");
});

after(async () => {
  await light?.close();
  await browser?.close();
  await server?.stop();
});

const pages = () => ({ board: "/", incident: `/incidents/${incident}`, map: "/regions/baltic", form: "/incidents/new" });

for (const theme of ["night", "red"])
  test(`${theme}: board, incident, map and form are dark`, async () => {
    const context = await openContext(browser, server, { user: "supervisor", theme });
    const page = await context.newPage();
    for (const [name, where] of Object.entries(pages())) {
      await visit(page, where);
      if (name === "map") await page.waitForSelector(".mapbox.live canvas");
      const seen = await light.measure(await page.screenshot({ fullPage: true }));
      assert.ok(seen.mean < 0.02, `${name}: mean luminance ${seen.mean.toFixed(4)}, want below 0.02`);
      assert.ok(seen.brightest <= 0.22, `${name}: a pixel of ${seen.brightest.toFixed(3)}, want none above 0.22`);
      assert.ok(seen.brightest > 0.15, `${name}: nothing is seen`);
      if (theme === "red") assert.equal(seen.notRed, 0, `${name}: ${seen.notRed} pixels have green or blue; the first at ${seen.where}`);
    }
    assert.deepEqual(context.faults, []);
    await context.close();
  });

test("a preview of a picture is dimmed at night and red in red", async () => {
  const context = await openContext(browser, server, { user: "viewer" });
  const page = await context.newPage();
  await page.goto("/help");
  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    const ctx = canvas.getContext("2d");
    for (const [i, colour] of ["white", "yellow", "aqua", "blue"].entries()) {
      ctx.fillStyle = colour;
      ctx.fillRect(i * 10, 0, 10, 40);
    }
    const img = document.createElement("img");
    img.src = canvas.toDataURL();
    const p = document.createElement("p");
    p.id = "specimen";
    p.style.setProperty("width", "40px");
    p.append(img);
    document.querySelector("main").prepend(p);
    await img.decode();
  });
  for (const theme of ["day", "night", "red"]) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
    const seen = await light.measure(await page.locator("#specimen img").screenshot());
    if (theme === "day") assert.ok(seen.brightest > 0.9 && seen.notRed > 0, "by day it is as it is");
    else assert.ok(seen.brightest <= 0.22 && seen.brightest > 0.18, `${theme}: ${seen.brightest}`);
    if (theme === "red") assert.equal(seen.notRed, 0, seen.where);
  }
  await context.close();
});

// The legend of the help page holds every shape once; the cells hold the glyph
// and its frame, and no word.
test("states are told apart by shape, in grey and through a red filter", async () => {
  const context = await openContext(browser, server, { user: "viewer" });
  const page = await context.newPage();
  await visit(page, "/help");
  const section = page.locator("#shapes");
  for (const theme of themes) {
    const cells = await section.evaluate((el, name) => {
      document.documentElement.dataset.theme = name;
      const from = el.getBoundingClientRect();
      return [...el.querySelectorAll("[data-shape]")].map((cell) => {
        const r = cell.getBoundingClientRect();
        return { group: cell.closest("[data-legend]").dataset.legend, name: cell.dataset.shape, x: Math.round(r.x - from.x), y: Math.round(r.y - from.y), width: Math.floor(r.width), height: Math.floor(r.height) };
      });
    }, theme);
    assert.equal(new Set(cells.map((c) => c.group)).size, 5);
    const png = await section.screenshot();
    for (const filter of ["grey", "red"]) {
      const shapes = await light.shapes(png, cells, filter);
      for (const [i, one] of cells.entries())
        for (const [j, two] of cells.entries()) {
          if (j <= i || one.group !== two.group) continue;
          const n = differ(shapes[i], shapes[j]);
          // an F is a P without its bow; the squares of the lines are 12 px wide
          const least = { task: 6, line: 8 }[one.group] ?? 12;
          assert.ok(n >= least, `${theme}, ${filter}: ${one.name} and ${two.name} differ in ${n} px only`);
        }
    }
  }
  await context.close();
});

test("b goes through the themes and the desk keeps the last, whoever signs in", async () => {
  const context = await openContext(browser, server, { user: "viewer", theme: "day" });
  const page = await context.newPage();
  await page.goto("/");
  await page.evaluate(() => (globalThis.marker = "here"));
  for (const theme of ["dusk", "night", "red", "day", "dusk", "night"]) {
    await page.keyboard.press("b");
    await page.waitForSelector(`html[data-theme=${theme}]`);
    assert.equal(await page.innerText("[data-theme-name]"), theme[0].toUpperCase() + theme.slice(1));
  }
  assert.equal(await page.getAttribute(".who button[aria-keyshortcuts=B]", "value"), "red");
  assert.equal(await page.evaluate(() => globalThis.marker), "here", "no page was loaded");
  await page.fill("#q", "b");
  assert.equal(await page.getAttribute("html", "data-theme"), "night", "in a field b is a letter");
  await page.click(".who form[action='/logout'] button");
  await page.waitForURL(/login/);
  assert.equal(await page.getAttribute("html", "data-theme"), "night");
  const kept = (await context.cookies()).find((c) => c.name === "theme");
  assert.ok(kept.expires > Date.now() / 1000 + 300 * 86_400, "for most of a year");
  assert.deepEqual(context.faults, []);
  await context.close();
});

test("scripts off, the head changes the theme", async () => {
  const context = await openContext(browser, server, { user: "viewer", scripts: false });
  const page = await context.newPage();
  await page.goto("/lines");
  await page.click(".look summary");
  await page.click(".look button[value=red]");
  assert.equal(await page.getAttribute("html", "data-theme"), "red");
  assert.match(page.url(), /\/lines$/);
  await context.close();
});

test("from page to page there is no flash, however late the stylesheet", async () => {
  const context = await openContext(browser, server, { user: "viewer", theme: "night" });
  await context.route(/main-.*\.css/, async (route) => {
    await new Promise((r) => setTimeout(r, 600));
    await route.continue();
  });
  const page = await context.newPage();
  await page.goto("/");
  const session = await context.newCDPSession(page);
  const frames = [];
  session.on("Page.screencastFrame", (f) => {
    frames.push(f.data);
    void session.send("Page.screencastFrameAck", { sessionId: f.sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  for (const where of ["/lines", "/help", "/"]) {
    await page.goto(where);
    await page.waitForTimeout(300); // time to be painted, so that each page gives its frame
  }
  await session.send("Page.stopScreencast");
  assert.ok(frames.length >= 3, `${frames.length} frames`);
  for (const frame of frames) {
    const seen = await light.measure(Buffer.from(frame, "base64"));
    assert.ok(seen.mean < 0.03, `a frame of mean luminance ${seen.mean.toFixed(3)}`);
  }
  await context.close();
});

/** What a golden says of each part. */
const properties = ["color", "background-color", "border-top-color", "border-top-style", "border-top-width", "font-size", "font-weight", "text-decoration-line", "fill", "stroke", "stroke-dasharray", "outline-width"];

/** The key parts; each is on one of the pages in every run, whatever the hour. */
const parts = {
  "/help": { page: "html", body: "body", marking: ".marking", "way, here": ".nav a[aria-current], .nav a", "new report": ".nav .new", clock: ".zulu b", theme: ".look summary", "theme chosen": ".theme button[aria-pressed=true]", "line strip": ".lines", "key": ".keys kbd", heading: "h1", "section heading": ".sec > h2",
    "tag overdue": "[data-shape=overdue]", "tag attempted": "[data-shape=attempted]", "tag awaiting": "[data-shape=awaiting]", "tag split": "[data-shape=split]", "tag followed": "[data-shape=followed]", "table head": ".t th", unknown: ".dim" },
  "/incidents/new": { field: ".in", "choice chosen": ".seg label:has(:checked)", choice: ".seg label:not(:has(:checked))", "box": ".ck input", "button that files": ".btn.go", button: ".btn:not(.go)", readback: ".rb" },
  "/regions/baltic": { water: ".c-water, .chart", land: ".c-land", graticule: ".c-grat", "name of a sea": ".c-sea", symbol: ".c-sym" },
};

test("golden: the key parts in each theme as the browser computes them", async () => {
  const context = await openContext(browser, server, { user: "officer", scripts: false });
  const page = await context.newPage();
  const texts = new Map(themes.map((theme) => [theme, `The parts of ${theme} as the browser computes them.\n`]));
  for (const [where, list] of Object.entries(parts)) {
    await page.goto(where);
    const said = await page.evaluate(([themes, list, properties]) => themes.map((theme) => {
      document.documentElement.dataset.theme = theme;
      return Object.entries(list).map(([name, selector]) => {
        const el = document.querySelector(selector);
        const css = el && getComputedStyle(el);
        return [name, selector, css && properties.map((n) => [n, css.getPropertyValue(n)])];
      });
    }), [themes, list, properties]);
    for (const [i, theme] of themes.entries())
      for (const [name, selector, style] of said[i]) {
        assert.ok(style, `${where} has no ${name}: ${selector}`);
        texts.set(theme, `${texts.get(theme)}\n${name} (${where}, ${selector})\n${style.map(([n, v]) => `  ${n}: ${v}\n`).join("")}`);
      }
  }
  await context.close();
  const folder = path.join(import.meta.dirname, "golden");
  await mkdir(folder, { recursive: true });
  for (const [theme, text] of texts) {
    const file = path.join(folder, `theme-${theme}.txt`);
    if (process.env.UPDATE_GOLDEN) await writeFile(file, text);
    assert.equal(text, await readFile(file, "utf8"), `${file} differs; UPDATE_GOLDEN=1 writes it again`);
  }
});
