// Uses the workbench as a person does who keeps the golden queries.
"use strict";

const { play } = require("./browser.cjs");
const {
  applyFix,
  boxOf,
  boxWithin,
  camera,
  hover,
  openFile,
  openWorkbench,
  squiggles,
  statusItem,
} = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  const seen = {};
  await openFile(page, options.file);
  await statusItem(page).filter({ hasText: options.status }).waitFor();

  // The lenses, of the entries and of the file.
  const lenses = page.locator(".editor-instance .codelens-decoration");
  await lenses.filter({ hasText: options.coverage }).first().waitFor();
  await lenses.nth(1).waitFor();
  seen.lenses = await lenses.allInnerTexts();

  // SQL inside a JSON string: a mistake, what a column means, and a mend that leaves the JSON whole.
  const { line, name, fix, result } = options.misspelled;
  seen.misspelled = await boxWithin(page, line, name);
  seen.squiggles = await squiggles(page, "error");
  await shoot("golden");
  const described = await boxWithin(page, options.described.line, options.described.name);
  seen.hover = await hover(page, described, options.described.expected);
  await shoot("golden-hover");
  await page.mouse.move(5, 5);
  const { x, y, width, height } = seen.misspelled;
  await page.mouse.click(x + width / 2, y + height / 2);
  seen.fixes = await applyFix(page, fix, (picture) => shoot(`golden-${picture}`));
  await boxOf(page, result);

  // What no golden query covers is one click away.
  await lenses.filter({ hasText: options.coverage }).locator("a").first().click();
  await boxOf(page, options.uncovered);
  await shoot("golden-uncovered");
  return seen;
});
