// Finds its way through a query, as a person does who has not written it.
"use strict";

const { play } = require("./browser.cjs");
const { boxOf, boxWithin, camera, execute, openWithMetadata } = require("./screen.cjs");

/** The colour of *name* within the first line that contains *line*. */
async function colorOf(page, line, name) {
  const { x, y, width, height } = await boxWithin(page, line, name);
  return await page.evaluate(
    ([left, top]) => getComputedStyle(document.elementFromPoint(left, top)).color,
    [x + width / 2, y + height / 2],
  );
}

async function click(page, { line, name }) {
  const { x, y, width, height } = await boxWithin(page, line, name);
  await page.mouse.click(x + width / 2, y + height / 2);
}

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWithMetadata(page, options);
  const seen = {};

  // What is not written but follows, and what kind of thing each name is.
  await boxOf(page, options.hint);
  seen.colors = {};
  for (const { line, name } of options.colors) {
    seen.colors[name] = await colorOf(page, line, name);
  }
  await shoot("navigation");

  // Where one is: in the outline and above the editor.
  await page.locator(".pane-header", { hasText: "Outline" }).click();
  const outline = page.locator(".outline-tree .monaco-list-row");
  await outline.filter({ hasText: options.outlined }).first().waitFor();
  await click(page, options.inside);
  const crumbs = page.locator(".breadcrumbs-control .monaco-breadcrumb-item");
  await crumbs.filter({ hasText: new RegExp(`^${options.outlined}$`) }).waitFor();
  seen.outline = await outline.allInnerTexts();
  seen.crumbs = await crumbs.allInnerTexts();
  await shoot("navigation-outline");

  // A table of the database, without leaving the query.
  await click(page, options.table);
  await execute(page, "Peek Definition");
  const peek = page.locator(".peekview-widget");
  await peek.locator(".view-line", { hasText: options.created }).first().waitFor();
  seen.peek = await peek.locator(".peekview-title").innerText();
  await shoot("navigation-peek");
  await page.keyboard.press("Escape");
  await peek.waitFor({ state: "hidden" });

  // What is typed at one place of an alias is typed at all of them.
  await click(page, options.linked);
  await page.locator(".linked-editing-decoration").first().waitFor({ state: "attached" });
  await page.keyboard.type(options.linked.typed);
  await boxOf(page, options.linked.here);
  await boxOf(page, options.linked.there);
  await shoot("navigation-linked");
  await page.keyboard.press("Backspace");
  await boxOf(page, options.linked.line);

  // Another name, everywhere it is meant.
  await click(page, options.rename);
  await page.keyboard.press("F2");
  const box = page.locator(".rename-box input");
  await box.waitFor({ state: "visible" });
  seen.renamed = await box.inputValue();
  await box.fill(options.rename.to);
  await shoot("navigation-rename");
  await page.keyboard.press("Enter");
  await boxOf(page, options.rename.result);

  await execute(page, "Format Document");
  await boxOf(page, options.formatted);
  await shoot("navigation-formatted");

  // A statement is formatted as soon as it is ended.
  await page.keyboard.press("Control+End");
  await page.keyboard.type(options.ended.typed);
  await page.keyboard.press("Escape"); // what is offered
  await page.keyboard.type(";");
  await boxOf(page, options.ended.result);
  return seen;
});
