// Opens a map page from disk as a reader would, uses it, and prints what was seen as JSON.
// usage: node drive.mjs CHROMIUM PAGE.html [SCREENSHOT.png]
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, file, screenshot] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const seen = { requests: [], problems: [] };
page.on("request", (one) => {
  if (!/^(file|blob|data):/.test(one.url())) seen.requests.push(one.url());
});
page.on("console", (one) => {
  if (["error", "warning"].includes(one.type())) seen.problems.push(one.text());
});
page.on("pageerror", (error) => seen.problems.push(error.message));

/** Numbers by standing, as the overview states them: inside, undecided, outside, untestable. */
const standings = () =>
  page.$$eval(".standings b", (all) =>
    all.map((one) => Number(one.textContent.replaceAll(",", ""))),
  );
const shown = async () => Number((await page.textContent(".count b")).replaceAll(",", ""));
const frame = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

const start = Date.now();
await page.goto(pathToFileURL(file).href);
await page.waitForSelector('html[data-map="drawn"]', { timeout: 30_000 });
seen.drawn_ms = Date.now() - start;
seen.title = await page.title();
seen.injected = await page.evaluate(() => globalThis.injected ?? document.images.length);

seen.shown = await shown();
seen.off_map = await page.locator(".off-map [data-incident]").count();
seen.expected = await page.$$eval(".bars rect", (all) =>
  all.reduce((sum, one) => sum + Number(one.getAttribute("height")), 0),
);
seen.windows = await page.$$eval(".window", (all) =>
  all.map((row) =>
    [...row.querySelectorAll(".bar")].map((bar) => [
      Math.round(parseFloat(bar.style.left)),
      Math.round(parseFloat(bar.style.width)),
    ]),
  ),
);
seen.standings = {};
for (const input of await page.$$('input[name="reading"]')) {
  await input.check({ force: true });
  await frame();
  seen.standings[await input.inputValue()] = await standings();
}
await page.locator('input[name="reading"]').first().check({ force: true });

await page.locator(".handle").first().focus();
for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
await frame();
seen.shown_later = await shown();
await page.click(".timeline .controls button:nth-of-type(2)");
await frame();
seen.shown_again = await shown();

await page.locator(".filters select").nth(1).selectOption("shelling");
await frame();
seen.shelling = await shown();
await page.locator(".filters select").nth(1).selectOption("");
await page.emulateMedia({ colorScheme: "dark" });

// The style is loading again: click until the incidents are there (slowly: two fast clicks zoom).
const { x, y, width, height } = await page.locator("#map canvas").boundingBox();
for (let tries = 0; tries < 15 && (await page.locator(".incident").count()) === 0; tries++) {
  await page.waitForTimeout(700);
  await page.mouse.click(x + width / 2, y + height / 2);
}
await page.waitForSelector(".panel-head span", { timeout: 5_000 });
seen.picked = await page.textContent(".panel-head span");
seen.name = await page.locator(".incident h2").evaluate((one) => one.firstChild.textContent);
seen.origins = await page.locator(".origins li").count();
seen.columns = await page.locator(".incident thead th").allTextContents();
if (screenshot) await page.screenshot({ path: screenshot });
await page.keyboard.press("Escape");
await frame();
seen.back = await page.locator(".incident").count();
await page.evaluate((name) => (location.hash = name), seen.name);
await page.waitForSelector(".incident h2", { timeout: 5_000 });
seen.followed = await page.locator(".incident h2").evaluate((one) => one.firstChild.textContent);

await browser.close();
console.log(JSON.stringify(seen));
