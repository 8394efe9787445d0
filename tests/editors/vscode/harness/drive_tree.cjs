// Looks into the metadata in the side bar, as a person does who does not know the database.
"use strict";

const { execFileSync } = require("node:child_process");
const { play } = require("./browser.cjs");
const { boxOf, boxesOf, camera, execute, openMetadata, openWithMetadata } = require("./screen.cjs");
const { choose } = require("./steps.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWithMetadata(page, options);
  const seen = {};

  const pane = await openMetadata(page);
  const row = (name) => pane.locator(`.monaco-list-row[aria-label*=", ${name}, "]`).first();
  for (const name of options.path) {
    await row(name).waitFor();
    await row(name).locator(".monaco-tl-twistie").click();
    await pane.locator(`[aria-label*=", ${name}, "][aria-expanded="true"]`).waitFor();
  }
  await row(options.column).waitFor();
  const rows = pane.locator(".monaco-list-row");
  seen.rows = await rows.evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")));
  seen.icons = await rows
    .locator(".custom-view-tree-node-item-icon")
    .evaluateAll((all) => all.map((it) => it.className.match(/codicon-([\w-]+)/)?.[1] ?? ""));

  // What a column means, and a name that is dragged to where it is wanted.
  await row(options.column).hover();
  await page.locator(".monaco-hover", { hasText: options.described }).waitFor();
  await shoot("tree");
  await page.mouse.move(5, 5);
  await page.locator(".monaco-hover", { hasText: options.described }).waitFor({ state: "hidden" });
  const { x, y, width, height } = await boxOf(page, options.drag.to);
  const from = await row(options.drag.name).locator(".label-name").boundingBox();
  await page.mouse.move(from.x + 5, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
  await page.mouse.move(x + width, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await boxOf(page, options.drag.result);
  seen.dragged = (await boxesOf(page, options.drag.result)).length;
  await shoot("tree-dragged");

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
  await pane.locator(".monaco-list-row", { hasText: options.text }).waitFor();
  await shoot("described");

  // One of many is found by a part of its name, and shown where it is.
  await page.getByRole("button", { name: "Find Table or Column" }).click();
  await input.waitFor();
  await page.keyboard.type(options.find.typed, { delay: 20 });
  const found = page.locator(".quick-input-list .monaco-list-row", { hasText: options.find.name });
  await found.first().waitFor();
  seen.found = await page.locator(".quick-input-list .monaco-list-row").allInnerTexts();
  await shoot("tree-find");
  await found.first().click();
  await boxOf(page, options.find.ddl);
  await pane.locator(".monaco-list-row.selected", { hasText: options.find.name }).waitFor();
  await shoot("tree-found");

  // What a node offers: its DDL, and its name.
  await row(options.find.name).getByRole("button", { name: "Generate DDL" }).click();
  await choose(page, options.generated.dialect);
  await boxOf(page, options.generated.ddl);
  await row(options.find.name).getByRole("button", { name: "Copy Name" }).click();
  await execute(page, "Defog SQL: New SQL File");
  await page.getByRole("tab", { name: "Untitled-2" }).waitFor();
  await page.keyboard.type(options.copied.typed);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+V");
  await boxOf(page, options.copied.result);

  // Read anew, there is what was not there before.
  execFileSync(options.more.run[0], options.more.run.slice(1));
  await page.getByRole("button", { name: "Refresh Metadata from the Databases" }).click();
  await pane.locator(".monaco-list-row", { hasText: options.more.name }).waitFor();
  await shoot("tree-refreshed");
  return seen;
});
