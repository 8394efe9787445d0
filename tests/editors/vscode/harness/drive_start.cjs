// Goes through what greets a person: the walkthrough, the status, and help with defog.toml.
"use strict";

const { play } = require("./browser.cjs");
const {
  boxOf,
  camera,
  execute,
  hover,
  openWithMetadata,
  proposals,
  statusItem,
} = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWithMetadata(page, options);
  const seen = {};

  // What there is to know of the connection, with what can be done about it.
  await statusItem(page).hover();
  const tooltip = page.locator(".monaco-hover", { hasText: "Connection" });
  await tooltip.waitFor();
  seen.tooltip = await tooltip.innerText();
  await shoot("status");
  await page.mouse.move(5, 5);
  await page.locator('.statusbar-item[id="status.languageStatus"]').click();
  const ofLanguage = page.locator(".hover-language-status", { hasText: "shop" });
  await ofLanguage.waitFor();
  seen.ofLanguage = await ofLanguage.innerText();
  await shoot("status-language");
  await page.keyboard.press("Escape");

  // defog.toml: what a key means, and what may be written.
  await execute(page, "Defog SQL: Open or Create defog.toml");
  seen.key = await hover(page, await boxOf(page, "golden_queries ="), options.key.expected);
  await shoot("toml-hover");
  await page.mouse.move(5, 5);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(options.key.typed, { delay: 20 });
  await page.keyboard.press("Control+Space");
  seen.keys = await proposals(page);
  await shoot("toml-completion");
  await page.keyboard.press("Escape");

  // Where the extension tells what it does.
  await execute(page, "Defog SQL: Show Output");
  const channel = page.locator(".part.panel select").first();
  await channel.waitFor();
  seen.output = await channel.evaluate((list) => list.selectedOptions[0].text);

  await execute(page, "Defog SQL: Get Started");
  const start = page.locator(".gettingStartedContainer");
  await start.getByText(options.step, { exact: true }).waitFor();
  seen.steps = await start.locator(".getting-started-step .step-title").allInnerTexts();
  await page.waitForTimeout(500); // what stands beside the step is drawn by itself
  await shoot("start");
  await start.getByText(options.step, { exact: true }).click();
  await page.waitForTimeout(500);
  await shoot("start-step");
  return seen;
});
