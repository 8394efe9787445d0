// Looks at the report about the metadata, follows a link of it, and mends what is there.
"use strict";

const { play } = require("./browser.cjs");
const { boxOf, camera, metadataKnown, openWorkbench, statusItem } = require("./screen.cjs");
const { notification } = require("./steps.cjs");

/** By its luminance, whether the page is dark: the theme's colours have come through. */
async function isDark(report) {
  const color = await report
    .locator("body")
    .evaluate((body) => getComputedStyle(body).getPropertyValue("--vscode-editor-background"));
  const [red, green, blue] = color.match(/\w\w/g).map((it) => parseInt(it, 16));
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  await metadataKnown(page, options);
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
    scripts: await report.locator("body script").count(),
  };
  await report.getByRole("link", { name: "Copy as Markdown" }).click();
  await notification(page, "The report is on the clipboard").click();
  seen.copied = await page.evaluate(() => navigator.clipboard.readText());
  await report.locator("summary", { hasText: options.uncovered }).click();
  await shoot("health");
  for (const theme of ["Dark Modern", "Dark High Contrast"]) {
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Control+T");
    await page.locator(".quick-input-widget input").waitFor({ state: "visible" });
    await page.keyboard.type(theme, { delay: 10 });
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: theme }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.querySelector(".monaco-workbench.vs"));
    await shoot(`health-${theme.split(" ").at(-1).toLowerCase()}`);
    seen[theme] = await isDark(report);
  }

  // By keyboard alone: to the link and to its place.
  await problem.focus();
  await page.keyboard.press("Enter");
  await boxOf(page, options.place);
  await shoot("health-place");

  // Once that is mended and saved, the page knows.
  await page.keyboard.type(options.mended);
  await page.keyboard.press("Control+S");
  await page.getByRole("tab", { name: "Metadata Health" }).click();
  await report.getByRole("heading", { name: "Golden queries: no problems" }).waitFor();
  await shoot("health-mended");
  return seen;
});
