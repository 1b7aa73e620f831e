// Five real reports of the sample, entered from the board by the keyboard
// alone. Every key press is counted, a chord as many as its keys; the words of
// the narrative and of the reason for the severity are not. The figures are
// kept in testdata/golden/keys.json, and a figure that grows fails the test;
// UPDATE=1 writes them again.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startServer, startBrowser, openContext } from "./site.mjs";

const golden = path.resolve(import.meta.dirname, "../../testdata/golden/keys.json");
const limits = { minimal: 45, full: 220, paste: 25 };
let server, browser, context, page;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  context = await openContext(browser, server, { user: "officer" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page = await context.newPage();
});
after(async () => {
  if (process.env.UPDATE) writeFileSync(golden, JSON.stringify(counted, null, 2) + "\n");
  await browser?.close();
  await server?.stop();
});

/** Somebody at the keyboard. */
class Typist {
  keys = 0;
  async press(chord) {
    this.keys += chord.split("+").length;
    await page.keyboard.press(chord);
  }
  async type(text) {
    this.keys += text.length;
    await page.keyboard.type(text);
  }
  async words(text) {
    await page.keyboard.type(text); // not counted
  }
  async focused() {
    return page.evaluate(() => document.activeElement?.getAttribute("name") ?? "");
  }
  /** Tabs on to a field, from its line when one is elsewhere. */
  async to(line, name) {
    const inLine = await page.evaluate((n) => document.activeElement?.closest(`[data-line="${n}"]`) != null, String(line));
    if (!inLine) await this.press(`Alt+${line}`);
    for (let i = 0; i < 25; i++) {
      if ((await this.focused()) === name) return;
      await this.press("Tab");
    }
    assert.fail(`${name} is not reached from line ${line}`);
  }
  /** From the board to an open form with the cursor in it. */
  async begin() {
    await page.goto("/");
    await this.press("n");
    await page.waitForURL("**/incidents/new");
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "start");
    await page.evaluate(() => {
      window.clicks = 0;
      document.addEventListener("mousedown", () => window.clicks++);
    });
  }
  async severity(letter, reason) {
    await this.to(7, "severity");
    await this.press(letter);
    await this.press("Tab");
    await this.words(reason);
  }
  async flags(letters) {
    for (const [name, letter] of Object.entries(letters)) {
      await this.to(5, name);
      await this.press(letter);
    }
  }
  async tick(words) {
    await this.press("Alt+6");
    for (const [letter, value] of words) {
      for (let i = 0; i < 30; i++) {
        if ((await page.evaluate(() => document.activeElement?.value)) === value) break;
        await this.press(letter);
      }
      await this.press("Space");
    }
  }
  /** Files, and gives the record that came of it. */
  async file() {
    assert.equal(await page.evaluate(() => window.clicks), 0, "a mouse was needed");
    await this.press("Control+Enter");
    await page.waitForURL(/\/incidents\/[0-9a-f-]{36}$/).catch(async () => assert.fail(await page.innerText("#errors").catch(() => "not filed")));
    const answer = await context.request.get(`${new URL(page.url()).pathname}.geojson`);
    return (await answer.json()).properties;
  }
}

/** A date-time group, so that a message is right at any hour of the day. */
function dtg(ms) {
  const t = new Date(ms), two = (n) => String(n).padStart(2, "0");
  const month = t.toLocaleString("en", { month: "short", timeZone: "UTC" }).toUpperCase();
  return `${two(t.getUTCDate())}${two(t.getUTCHours())}${two(t.getUTCMinutes())}Z${month}${two(t.getUTCFullYear() % 100)}`;
}

const counted = {};
function count(name, typist, limit) {
  counted[name] = typist.keys;
  assert.ok(typist.keys <= limit, `${name} took ${typist.keys} keys; at most ${limit}`);
  if (process.env.UPDATE) return;
  const was = JSON.parse(readFileSync(golden, "utf8"))[name];
  assert.ok(typist.keys <= was, `${name} took ${typist.keys} keys; it was ${was}`);
}

test("a minimal report: Il-20 off the Polish coast", async () => {
  const t = new Typist();
  await t.begin();
  await t.type("-25m");
  await t.press("Alt+2");
  await t.type("5512N01848E");
  await t.press("Alt+3");
  await t.type("pl");
  await t.press("Alt+4");
  await t.type("ru");
  await t.severity("n", "met without incident");
  const p = await t.file();
  assert.equal(p.region, "baltic");
  assert.equal(p.severity, "near_routine");
  count("minimal", t, limits.minimal);
});

/** The full reports: what is typed, and what must stand in the log. */
const full = [
  {
    name: "full: Tu-160 pair met by Typhoons off Scotland",
    async enter(t) {
      await t.type("ca 1830");
      await t.press("Alt+2");
      await t.type("80nm ne of orkney");
      await t.to(2, "airspace_kind");
      await t.press("i");
      await t.press("Alt+3");
      await t.type("gb");
      await t.press("Tab");
      await t.type("2");
      await t.press("Tab");
      await t.type("typhoon");
      await t.to(3, "intercepting_base");
      await t.type("Lossiemouth");
      await t.press("Alt+4");
      await t.type("ru");
      await t.press("Tab");
      await t.type("2");
      await t.press("Tab");
      await t.type("blackjack");
      await t.tick([["e", "escort"]]);
      await t.severity("n", "met and escorted away");
    },
    want: { region: "norwegian", intercepting_aircraft: /EUFI/, intercepted_aircraft: /T160/, behaviours: /escort/ },
  },
  {
    name: "full: Gripen-guarded S 102B and a Su-27 east of Gotland",
    async enter(t) {
      await t.type("-2h");
      await t.press("Alt+2");
      await t.type("5712N02000E");
      await t.to(2, "airspace_kind");
      await t.press("i");
      await t.press("Alt+3");
      await t.type("ru");
      await t.press("Tab");
      await t.type("1");
      await t.press("Tab");
      await t.type("su27");
      await t.press("Alt+4");
      await t.type("se");
      await t.press("Tab");
      await t.type("1");
      await t.press("Tab");
      await t.type("glf4");
      await t.flags({ transponder: "y", radio_contact: "y" });
      await t.to(5, "closest_approach");
      await t.type("11 m");
      await t.tick([["s", "shadowing"], ["u", "unsafe_manoeuvre"]]);
      await t.severity("s", "11 m from a reconnaissance aircraft");
    },
    want: { region: "baltic", intercepted_aircraft: /GLF4/, transponder: "on", radio_contact: "yes", closest_approach_m: 11 },
  },
  {
    name: "full: MiG-31s over Vaindloo for twelve minutes",
    async enter(t) {
      await t.type("yesterday 0658");
      await t.press("Alt+2");
      await t.type("near vaindloo");
      await t.to(2, "airspace_kind");
      await t.press("t");
      await t.press("Tab");
      await t.type("ee");
      await t.press("Alt+3");
      await t.type("it");
      await t.press("Tab");
      await t.type("2");
      await t.press("Tab");
      await t.type("f35");
      await t.to(3, "intercepting_base");
      await t.type("Amari");
      await t.press("Alt+4");
      await t.type("ru");
      await t.press("Tab");
      await t.type("3");
      await t.press("Tab");
      await t.type("foxhound");
      await t.flags({ transponder: "n", flight_plan: "n", radio_contact: "n" });
      await t.tick([["e", "escort"], ["a", "airspace_violation"]]);
      await t.severity("h", "armed fighters inside for twelve minutes");
    },
    want: { region: "baltic", airspace_kind: "territorial", airspace_state: "EE", intercepted_aircraft: /MG31/, severity: "high_risk", flight_plan: "none" },
  },
  {
    name: "full: MQ-9 struck by a Su-27 west of Crimea",
    async enter(t) {
      await t.type("0603z");
      await t.press("Alt+2");
      await t.type("36TWQ7907");
      await t.to(2, "airspace_kind");
      await t.press("i");
      await t.press("Alt+3");
      await t.type("ru");
      await t.press("Tab");
      await t.type("2");
      await t.press("Tab");
      await t.type("su27");
      await t.press("Alt+4");
      await t.type("us");
      await t.press("Tab");
      await t.type("1");
      await t.press("Tab");
      await t.type("q9");
      await t.to(5, "closest_approach");
      await t.type("0");
      await t.tick([["u", "unsafe_manoeuvre"]]);
      await t.severity("h", "struck the propeller of the drone");
    },
    want: { region: "black", intercepted_aircraft: /Q9/, closest_approach_m: 0, severity: "high_risk" },
  },
];

for (const one of full) {
  test(one.name, async () => {
    const t = new Typist();
    await t.begin();
    await one.enter(t);
    await t.press("Alt+8");
    await t.words("Told by the controller over the line, as it happened.");
    const p = await t.file();
    for (const [field, want] of Object.entries(one.want)) {
      if (want instanceof RegExp) assert.match(String(p[field]), want, field);
      else assert.equal(p[field], want, field);
    }
    count(one.name, t, limits.full);
  });
}

test("pasted: the message fills the form", async () => {
  const t = new Typist();
  await t.begin();
  await page.evaluate((when) => navigator.clipboard.writeText(`Two Italian F-35s from Amari met three Russian MiG-31 Foxhounds near Vaindloo at ${when}. They were inside Estonian airspace for about twelve minutes, transponders off, no flight plan, no radio contact.`), dtg(Date.now() - 3 * 3600_000));
  await t.press("Alt+0");
  await t.press("Control+v");
  await page.waitForSelector(".fromtext");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "severity");
  await page.evaluate(() => {
    window.clicks = 0;
    document.addEventListener("mousedown", () => window.clicks++);
  });
  await t.press("h");
  await t.press("Tab");
  await t.words("armed fighters inside for twelve minutes");
  const p = await t.file();
  assert.match(String(p.intercepted_aircraft), /MG31/);
  assert.equal(p.airspace_state, "EE");
  assert.equal(p.transponder, "off");
  assert.equal(p.flight_plan, "none");
  count("paste", t, limits.paste);
});

test("no page complained", () => assert.deepEqual(context.faults, []));
