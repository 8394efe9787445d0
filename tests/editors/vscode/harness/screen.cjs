// What a person does at the workbench, by keyboard and mouse, and what is on the screen.
"use strict";

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
  await page.getByRole("tab", { name, selected: true }).waitFor();
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

/** The side bar with the metadata in it. */
async function openMetadata(page) {
  await page.getByRole("tab", { name: "Defog Metadata" }).click();
  const pane = page.locator(".sidebar");
  await pane.locator(".monaco-list-row").first().waitFor();
  return pane;
}

/** Execute the command that is titled so. */
async function execute(page, title) {
  await page.keyboard.press("F1");
  const input = page.locator('.quick-input-widget input[placeholder*="name of a command"]');
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await input.press("Enter");
}

/** Takes pictures into the folder of the options. */
function camera(page, options) {
  return async (name) => {
    const path = `${options.screenshots}/${name}.png`;
    await page.screenshot({ path, animations: "disabled" });
  };
}

/** The workbench with the folder or the workspace of the options open, or nothing. */
async function openWorkbench(page, { url: address, folder, workspace }) {
  const url = new URL(address);
  if (workspace !== undefined) {
    url.searchParams.set("workspace", workspace);
  } else if (folder !== undefined) {
    url.searchParams.set("folder", folder);
  } else {
    url.searchParams.set("ew", "true");
  }
  await page.goto(url.href);
  // What the extension contributes comes a little later than the rest.
  await page.getByRole("tab", { name: "Defog Metadata" }).waitFor();
}

/** The same with the file of the options, once the metadata are known. */
async function openWithMetadata(page, options) {
  await openWorkbench(page, options);
  await openFile(page, options.file);
  await metadataKnown(page, options);
}

/** Wait for the status of the options, with no more work to be done. */
async function metadataKnown(page, options) {
  await statusItem(page).filter({ hasText: options.status }).waitFor();
  await statusItem(page).locator(".codicon-database").waitFor();
}

module.exports = {
  applyFix,
  boxOf,
  boxWithin,
  boxesOf,
  camera,
  details,
  execute,
  hover,
  metadataKnown,
  openFile,
  openMetadata,
  openWithMetadata,
  openWorkbench,
  proposals,
  squiggles,
  statusItem,
};
