// Measures how long a map page takes from disk to its last pixel, in milliseconds.
// usage: node load.mjs CHROMIUM PAGE.html [TIMES]
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, file, times = "5"] = process.argv.slice(2);
const args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const browser = await chromium.launch({ executablePath, args });
for (let i = 0; i < Number(times); i++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const start = Date.now();
  await page.goto(pathToFileURL(file).href);
  const loaded_ms = Date.now() - start;
  await page.waitForSelector('html[data-map="drawn"]', { timeout: 60_000 });
  const drawn_ms = Date.now() - start;
  console.log(JSON.stringify({ bytes: statSync(file).size, loaded_ms, drawn_ms }));
  await page.close();
}
await browser.close();
