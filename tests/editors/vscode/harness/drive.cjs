// Uses the workbench as a person does who writes a query.
"use strict";

const { play } = require("./browser.cjs");
const {
  applyFix,
  boxOf,
  boxWithin,
  camera,
  details,
  hover,
  openFile,
  openWithMetadata,
  proposals,
  squiggles,
  statusItem,
} = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWithMetadata(page, options);
  const seen = {};
  seen.status = (await statusItem(page).innerText()).trim();

  // The misspelled name has a squiggle under it.
  seen.misspelled = await boxWithin(page, options.misspelled.line, options.misspelled.name);
  seen.squiggles = await squiggles(page, "error");
  seen.problem = await hover(page, seen.misspelled, options.misspelled.expected);
  await shoot("problem");
  await page.keyboard.press("Escape");

  const described = await boxWithin(page, options.described.line, options.described.name);
  seen.hover = await hover(page, described, options.described.expected);
  await shoot("hover");
  await page.mouse.move(5, 5);

  // The lightbulb mends the misspelled name, and the squiggle goes.
  await page.mouse.click(
    seen.misspelled.x + seen.misspelled.width / 2,
    seen.misspelled.y + seen.misspelled.height / 2,
  );
  seen.fixes = await applyFix(page, options.fix.title, shoot);
  await boxOf(page, options.fix.result);
  await page.waitForFunction(
    (count) => document.querySelectorAll(".editor-instance .squiggly-error").length < count,
    seen.squiggles.length,
  );
  await shoot("fixed");

  // Type into a statement at the end of another file: the list comes by itself after the dot.
  await openFile(page, options.completion.file);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(options.completion.statement);
  await page.keyboard.press("Escape"); // whatever is offered so far
  await page.keyboard.press("Home");
  for (const _ of options.completion.after) {
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.type(options.completion.text, { delay: 30 });
  seen.proposals = await proposals(page);
  await shoot("completion");
  await page.keyboard.type(options.completion.more, { delay: 30 });
  await page.locator(".suggest-widget.visible .monaco-list-row.focused").waitFor();
  await page.waitForTimeout(300); // the list is filtered while typing
  seen.details = await details(page, options.completion.details);
  await shoot("details");
  await page.keyboard.press("Tab");
  seen.accepted = (await boxOf(page, options.completion.result)).width > 0; // as soon as it is drawn
  await page.keyboard.press("Control+S");

  await statusItem(page).click();
  const menu = page.locator(".quick-input-list .monaco-list-row");
  await menu.first().waitFor();
  seen.menu = await menu.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label")));
  await shoot("menu");
  await page.keyboard.press("Escape");
  return seen;
});
