// Opens HTML reports in the system's Chromium: node check.mjs [--shots DIR] FILE…
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const args = process.argv.slice(2);
const shots = args[0] === "--shots" ? args.splice(0, 2)[1] : null;
const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
let passed = 0;
const wrong = [];
const check = (name, fine, detail = "") => {
  if (fine) passed += 1;
  else wrong.push(`${name}: ${detail}`);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** A page on which every request and every complaint is kept. */
async function open(file, options, complaints, requests) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  const start = Date.now();
  await page.goto(`file://${file}`);
  return { page, context, took: Date.now() - start };
}

const count = (page, query) => page.locator(`${query}:not([hidden])`).evaluateAll((all) => all.filter((one) => getComputedStyle(one).display !== "none").length);

async function filters(name, page, script) {
  const before = { f: await count(page, ".row.f"), clause: await count(page, ".row.clause") };
  const total = before.f + before.clause;
  check(`${name} shows everything at first`, total > 0 && total === (await page.locator(".row").count()), JSON.stringify(before));
  await page.locator("#f-severity").selectOption("0");
  const critical = await page.locator(".row.s-critical").count();
  check(`${name} severity`, (await count(page, ".row")) === critical, `${await count(page, ".row")} of ${critical}`);
  await page.locator("#f-severity").selectOption("");
  await page.locator("#f-status").selectOption("fail");
  const fails = await page.locator(".row.v-fail").count();
  check(`${name} status`, (await count(page, ".row")) === fails, `${await count(page, ".row")} of ${fails}`);
  await page.locator("#f-status").selectOption("");
  await page.locator("#f-theme").selectOption({ index: 1 });
  const theme = await page.locator("#f-theme").inputValue();
  const themed = await page.locator(`.row.t${theme}`).count();
  check(`${name} theme`, themed > 0 && (await count(page, ".row")) === themed, `${await count(page, ".row")} of ${themed}`);
  await page.locator("#f-theme").selectOption("");
  if (await page.locator("#f-spec").count()) {
    await page.locator("#f-spec").selectOption("0");
    const wanted = await page.locator(".row.p0").count();
    check(`${name} specification`, wanted > 0 && (await count(page, ".row")) === wanted, `${await count(page, ".row")} of ${wanted}`);
    await page.locator("#f-spec").selectOption("");
  }
  if (script) {
    await page.locator("#f-text").fill("storage");
    await page.waitForTimeout(300);
    const shown = await count(page, ".row");
    check(`${name} text`, shown > 0 && shown < total, `${shown} of ${total}`);
    check(`${name} says how many`, /^Shown: \d+ of \d+ findings/.test(await page.locator("#shown").textContent()));
    await page.locator("#f-text").fill("");
    await page.waitForTimeout(300);
    check(`${name} comes back`, (await count(page, ".row")) === total);
  } else {
    check(`${name} hides the search that needs the script`, !(await page.locator("#f-text").isVisible()));
  }
}

for (const given of args) {
  const file = resolve(given);
  const short = basename(file);
  for (const [width, viewport] of Object.entries(widths)) {
    for (const colorScheme of ["light", "dark"]) {
      const name = `${short} ${width} ${colorScheme}`;
      const complaints = [];
      const requests = [];
      const { page, context, took } = await open(file, { viewport, colorScheme }, complaints, requests);
      check(`${name} opens in 10 s`, took < 10_000, `${took} ms`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(`${name} does not scroll sideways`, wide <= 0, `${wide} px`);
      if (shots) await page.screenshot({ path: `${shots}/${short}-${width}-${colorScheme}.png` });
      // Everything is opened, so that nothing is left unexamined; big pages are examined closed.
      if ((await page.locator(".row").count()) < 1000) await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
      check(`${name} axe`, serious.length === 0, serious.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" / ")}`).join("\n"));
      if (colorScheme === "light") await filters(name, page, true);
      // Keyboard: the first stop is the link that skips to the report.
      await page.reload();
      await page.keyboard.press("Tab");
      check(`${name} first tab stop`, (await page.evaluate(() => document.activeElement.className)) === "skip");
      check(`${name} no console message`, complaints.length === 0, complaints.join("; "));
      const outside = requests.filter((url) => url !== `file://${file}` && url !== "data:,");
      check(`${name} no request`, outside.length === 0, outside.join(" "));
      await context.close();
    }
  }
  const complaints = [];
  const { page, context } = await open(file, { viewport: widths.desktop, javaScriptEnabled: false }, complaints, []);
  await filters(`${short} without script`, page, false);
  check(`${short} without script: no console message`, complaints.length === 0, complaints.join("; "));
  await context.close();
}
await browser.close();
wrong.forEach((line) => console.error(`FAILED ${line}`));
console.log(`html: ${passed} passed, ${wrong.length} failed`);
process.exit(wrong.length ? 1 : 0);
