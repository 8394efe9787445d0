// Looks into the metadata in the explorer, as a person does who does not know the database.
"use strict";

const { play } = require("./browser.cjs");
const { boxOf, camera, openWorkbench, statusItem } = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  const seen = {};
  await statusItem(page).filter({ hasText: options.status }).waitFor();

  const pane = page.locator(".pane", { has: page.getByText("Defog Metadata", { exact: true }) });
  await pane.locator(".pane-header").click();
  const row = (name) => pane.locator(".monaco-list-row", { hasText: name }).first();
  for (const name of options.path) {
    await row(name).waitFor();
    await row(name).locator(".monaco-tl-twistie").click();
  }
  await row(options.column).waitFor();
  seen.rows = await pane
    .locator(".monaco-list-row")
    .evaluateAll((rows) => rows.map((it) => it.getAttribute("aria-label")));
  await shoot("tree");

  // A table is opened as what creates it, with its descriptions.
  await row(options.path.at(-1)).locator(".label-name").click();
  await boxOf(page, options.ddl);
  await shoot("table");

  // Its description is said in place.
  await row(options.column).locator(".label-name").click(); // its actions are then shown
  await row(options.column).getByRole("button", { name: "Describe" }).click();
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(options.text);
  await page.keyboard.press("Enter");
  await row(options.text).waitFor();
  await shoot("described");
  return seen;
});
