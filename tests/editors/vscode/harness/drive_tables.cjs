// Uses the workbench as a person does who looks after the tables that a query names.
"use strict";

const { play } = require("./browser.cjs");
const {
  applyFix,
  boxOf,
  boxWithin,
  camera,
  execute,
  hover,
  openWithMetadata,
} = require("./screen.cjs");
const { notification, press } = require("./steps.cjs");

/** The choices under *question*; *choice* is taken. */
async function choose(page, question, choice, shoot) {
  await page.locator(".quick-input-widget .quick-input-title", { hasText: question }).waitFor();
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: choice }).first().waitFor();
  const labels = await rows.evaluateAll((list) => list.map((row) => row.innerText.trim()));
  await shoot();
  await page.keyboard.type(choice);
  await page.keyboard.press("Enter");
  return labels;
}

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWithMetadata(page, options);
  const seen = {};

  // Describe the column under the caret: by its code action, in the input box that comes up.
  const { line, name, action, text } = options.describe;
  const column = await boxWithin(page, line, name);
  await page.mouse.click(column.x + column.width / 2, column.y + column.height / 2);
  seen.actions = await applyFix(page, action, (picture) => shoot(`tables-${picture}`));
  const input = page.locator(".quick-input-widget input");
  await input.waitFor({ state: "visible" });
  await page.keyboard.type(text, { delay: 5 });
  await shoot("tables-describe");
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
  seen.hover = await hover(page, column, [text]);
  await shoot("tables-described");
  await page.mouse.move(5, 5);

  // A new document with the tables of the statement, in another dialect.
  await execute(page, "Defog SQL: Generate DDL");
  const { what, dialect, result } = options.ddl;
  seen.what = await choose(page, "Generate DDL for", what, () => shoot("tables-what"));
  seen.dialects = await choose(page, "In which dialect?", dialect, () => shoot("tables-dialect"));
  await boxOf(page, result);
  await shoot("tables-ddl");

  // The same tables, without rows, in another database.
  const query = { name: options.file };
  await page.getByRole("tab", query).click();
  await page.getByRole("tab", { ...query, selected: true }).waitFor();
  await execute(page, "Defog SQL: Create Empty Tables in a Database");
  await choose(page, "Create, without rows,", options.create.what, () => shoot("tables-created"));
  await choose(page, "In which database?", options.create.database, () => undefined);
  await press(notification(page, "Create 2 tables in copy (sqlite)"), "Create");
  await notification(page, "copy (sqlite) has").waitFor();
  return seen;
});
