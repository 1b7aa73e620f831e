// What every browser test needs: the real binary on an empty folder with the
// sample in it, and Debian's Chromium with a page that keeps watch over what a
// page must not do.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../..");

/** Starts bin/server on a free port of this machine. */
export async function startServer({ data, args = ["--sample"] } = {}) {
  const folder = data ?? (await mkdtemp(path.join(tmpdir(), "interceptlog-")));
  const child = spawn(process.env.INTERCEPTLOG_BIN ?? path.join(root, "bin/server"), ["serve", "--data", folder, "--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "", log = "";
  child.stderr.on("data", (b) => (log += b));
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address after 60 s:\n${out}\n${log}`)), 60_000);
    child.stdout.on("data", (b) => {
      out += b;
      const m = out.match(/Intercept Log: (http:\S+)\//);
      if (m) { clearTimeout(timer); resolve(m[1]); }
    });
    child.on("exit", (code) => { clearTimeout(timer); reject(new Error(`server left with ${code}:\n${out}\n${log}`)); });
  });
  const gone = new Promise((resolve) => child.on("exit", resolve));
  return {
    url, folder, child, gone,
    log: () => log,
    async stop({ keep = false } = {}) {
      child.kill("SIGTERM");
      await gone;
      if (!keep && !data) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command of bin/server on the folder of a server, and gives what it said. */
export async function command(server, ...args) {
  const child = spawn(process.env.INTERCEPTLOG_BIN ?? path.join(root, "bin/server"), [...args, "--data", server.folder], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const out of [child.stdout, child.stderr]) out.on("data", (b) => (said += b));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")} left with ${code}:\n${said}`);
  return said;
}

/** Starts the browser; nothing of it talks to anybody but the page's server. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      // text has grey edges, not coloured ones: tests look at the colours of a page
      "--disable-lcd-text"],
  });
}

/**
 * Opens an address and waits until nothing is asked for any more. The stream of
 * a live page never ends, so that it does not count.
 */
export async function visit(page, where, quiet = 300) {
  let open = 0, last = Date.now();
  const counts = (r) => r.resourceType() !== "eventsource";
  page.on("request", (r) => { if (counts(r)) { open++; last = Date.now(); } });
  const ended = (r) => { if (counts(r)) { open--; last = Date.now(); } };
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  const answer = await page.goto(where);
  const limit = Date.now() + 15_000;
  while ((open > 0 || Date.now() - last < quiet) && Date.now() < limit) await new Promise((r) => setTimeout(r, 50));
  return answer;
}

export const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
export const themes = ["day", "dusk", "night", "red"];
/** Each theme once, the widths by turns: what a test of a part of a page goes through. */
export const looks = themes.map((theme, i) => ({ theme, width: Object.keys(sizes)[i % 2], size: Object.values(sizes)[i % 2] }));

/**
 * Opens a browser context on the server. `context.faults` collects console
 * errors, uncaught errors and requests to any other host.
 */
export async function openContext(browser, server, { size = sizes.desk, theme = "dusk", scripts = true, user } = {}) {
  const context = await browser.newContext({ viewport: size, javaScriptEnabled: scripts, baseURL: server.url, hasTouch: size.width < 600 });
  context.faults = [];
  const host = new URL(server.url).host;
  context.on("page", (page) => watch(page, context.faults));
  context.on("request", (r) => {
    const u = new URL(r.url());
    if (u.protocol.startsWith("http") && u.host !== host) context.faults.push(`request to another host: ${r.url()}`);
  });
  await context.addCookies([{ name: "theme", value: theme, url: server.url }]);
  if (user) await signIn(context, user);
  return context;
}

function watch(page, faults) {
  page.on("console", (m) => {
    // A page that answers 404 or 422 on purpose makes the browser say so.
    if (m.type() === "error" && !/Failed to load resource: the server responded with a status of 4\d\d/.test(m.text())) faults.push(`console: ${m.text()} (${page.url()})`);
  });
  page.on("pageerror", (e) => faults.push(`uncaught: ${e.message} (${page.url()})`));
}

/** Signs in by the form, as a person does. */
export async function signIn(context, user) {
  const page = await context.newPage();
  await page.goto("/login");
  await page.fill("input[name=name]", user);
  await page.fill("input[name=password]", `sample-${user}`);
  await Promise.all([page.waitForURL((u) => !u.pathname.startsWith("/login")), page.press("input[name=password]", "Enter")]);
  await page.close();
}

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules of axe whose answer can change with the colours. */
export const colourRules = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Runs axe-core by evaluation and gives the violations in short. */
export async function axe(page, runOnly = standards) {
  await page.evaluate(axeSource);
  // A bar that sticks to the edge of the window covers whatever happens to be
  // scrolled under it; that is reached by scrolling and no fault of the page.
  const freed = await page.evaluateHandle(() => [...document.querySelectorAll("body *")].filter((el) => getComputedStyle(el).position === "sticky").map((el) => { el.style.position = "static"; return el; }));
  const result = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ["violations"] }), runOnly);
  await freed.evaluate((list) => list.forEach((el) => el.style.removeProperty("position")));
  return result.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
}

/** How far the page is wider than its window, in px. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The id of the first incident that an export with the filter holds. */
export async function findIncident(browser, server, filter) {
  const context = await openContext(browser, server, { user: "analyst" });
  const answer = await context.request.get(`/export/incidents.geojson?${filter}`);
  const collection = await answer.json();
  await context.close();
  return collection.features[0].id;
}
