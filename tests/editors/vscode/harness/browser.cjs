// What both drivers share: a browser window with the workbench in it.
"use strict";

const { readFileSync, writeFileSync } = require("node:fs");
const { chromium } = require("playwright-core");

// Nothing may leave the machine: no update checks, no sync, no sandbox where the tests run as root.
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Run `scene(page, options)` in a browser and write what it returns, or how it failed, as JSON.
 * The options are a JSON file named on the command line; it says where the result goes.
 */
async function play(scene) {
  const options = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const browser = await chromium.launch({ executablePath: options.chromium, args: SWITCHES });
  let outcome;
  try {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1200, height: options.height ?? 750 },
      deviceScaleFactor: options.scale ?? 1,
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(options.timeoutMs);
    try {
      outcome = { result: await scene(page, options) };
    } catch (error) {
      if (options.screenshots) {
        await page.screenshot({ path: `${options.screenshots}/failure.png` });
      }
      outcome = { error: error.stack ?? String(error) };
    }
  } finally {
    await browser.close();
  }
  writeFileSync(options.output, JSON.stringify(outcome));
}

module.exports = { play };
