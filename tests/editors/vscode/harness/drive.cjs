// Uses the workbench as a person does: by keyboard and mouse, and looks at what is on the screen.
"use strict";

const { play } = require("./browser.cjs");

/** The boxes, in page coordinates, of a piece of text in the editor, found in the rendered lines. */
async function boxesOf(page, text) {
  return await page.evaluate((wanted) => {
    const boxes = [];
    for (const line of document.querySelectorAll(".editor-instance .view-line")) {
      // One line is several elements, one for each colour.
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) {
        nodes.push(walker.currentNode);
      }
      const at = (offset) => {
        let rest = offset;
        for (const node of nodes) {
          if (rest <= node.length) {
            return [node, rest];
          }
          rest -= node.length;
        }
        throw new Error("offset outside the line");
      };
      const whole = nodes.map((node) => node.data).join("").replaceAll("\u00a0", " ");
      const start = whole.indexOf(wanted);
      if (start >= 0) {
        const range = document.createRange();
        range.setStart(...at(start));
        range.setEnd(...at(start + wanted.length));
        const { x, y, width, height } = range.getBoundingClientRect();
        boxes.push({ x, y, width, height });
      }
    }
    return boxes;
  }, text);
}

async function boxOf(page, text) {
  for (let tries = 0; tries < 100; tries += 1) {
    const [box] = await boxesOf(page, text);
    if (box) {
      return box;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`not on the screen: ${text}`);
}

/** Where *inner* stands within the first line that contains *outer*. */
async function boxWithin(page, outer, inner) {
  const box = await boxOf(page, outer);
  const character = box.width / outer.length;
  const start = outer.indexOf(inner) * character;
  return { ...box, x: box.x + start, width: inner.length * character };
}

async function openFile(page, name) {
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget input").waitFor({ state: "visible" });
  await page.keyboard.type(name, { delay: 10 });
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".editor-instance .view-line").first().waitFor();
}

/** The boxes of all squiggles of a severity. */
async function squiggles(page, severity) {
  const found = page.locator(`.editor-instance .squiggly-${severity}`);
  await found.first().waitFor({ state: "attached" });
  return await found.evaluateAll((elements) =>
    elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    }),
  );
}

/** Point at some text until a hover shows up with all the expected words in it. */
async function hover(page, box, expected) {
  await page.mouse.move(box.x + box.width / 2 - 2, box.y + box.height / 2);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForFunction((words) => {
    const shown = [...document.querySelectorAll(".monaco-hover:not(.hidden)")];
    const text = shown.map((element) => element.textContent).join("\n");
    return words.every((word) => text.includes(word));
  }, expected);
  return await page.evaluate(() =>
    [...document.querySelectorAll(".monaco-hover:not(.hidden)")]
      .map((element) => element.innerText)
      .join("\n"),
  );
}

/** Choose, in the menu of the lightbulb at the caret, what is titled so; all that it offered. */
async function applyFix(page, title, shoot) {
  await page.keyboard.press("Control+.");
  const rows = page.locator(".action-widget .monaco-list-row.action");
  await rows.first().waitFor();
  const offered = await rows.evaluateAll((list) => list.map((row) => row.innerText.trim()));
  const focused = page.locator(".action-widget .monaco-list-row.action.focused");
  for (const _ of offered) {
    if ((await focused.innerText()).trim() === title) {
      break;
    }
    await page.keyboard.press("ArrowDown");
  }
  await shoot("fixes");
  await page.keyboard.press("Enter");
  return offered;
}

/** What stands beside the list of proposals about the one that is chosen. */
async function details(page, expected) {
  await page.keyboard.press("Control+Space"); // opens it
  const shown = page.locator(".suggest-details-container").filter({ hasText: expected });
  await shown.waitFor();
  return await shown.innerText();
}

/** Labels in the list of proposals, as they are read out to those who can't see them. */
async function proposals(page) {
  const rows = page.locator(".suggest-widget.visible .monaco-list-row");
  await rows.first().waitFor();
  return await rows.evaluateAll((list) => list.map((row) => row.getAttribute("aria-label")));
}

function statusItem(page) {
  return page.locator('.statusbar-item[id="defog.defog-sql.defog.status"]');
}

play(async (page, options) => {
  const shoot = async (name) => {
    const path = `${options.screenshots}/${name}.png`;
    await page.screenshot({ path, animations: "disabled" });
  };
  const url = new URL(options.url);
  url.searchParams.set("folder", options.folder);
  await page.goto(url.href);
  await page.locator(".monaco-workbench").waitFor();
  const seen = {};

  await openFile(page, options.file);
  await statusItem(page).filter({ hasText: options.status }).waitFor();
  await statusItem(page).locator(".codicon-database").waitFor(); // not at work any more
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
  seen.accepted = (await boxesOf(page, options.completion.result)).length > 0;
  await page.keyboard.press("Control+S");

  await statusItem(page).click();
  const menu = page.locator(".quick-input-list .monaco-list-row");
  await menu.first().waitFor();
  seen.menu = await menu.evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label")));
  await shoot("menu");
  await page.keyboard.press("Escape");
  return seen;
});
