// Looks at the report about the metadata, and follows a link of it.
"use strict";

const { play } = require("./browser.cjs");
const { boxOf, camera, openWorkbench, statusItem } = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  await statusItem(page).filter({ hasText: options.status }).waitFor();
  await statusItem(page).locator(".codicon-database").waitFor(); // not at work any more
  await statusItem(page).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "health" }).click();

  const report = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  const problem = report.getByRole("link", { name: options.problem });
  await problem.waitFor();
  const seen = {
    headings: await report.getByRole("heading").allInnerTexts(),
    shares: await report.locator("dd").allInnerTexts(),
    // Whoever cannot see the bars hears what they show.
    unlabelled: await report.locator("meter:not([aria-label])").allInnerTexts(),
  };
  await shoot("health");
  await problem.click();
  await boxOf(page, options.place);
  await shoot("health-place");
  return seen;
});
