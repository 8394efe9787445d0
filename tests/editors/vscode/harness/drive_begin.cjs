// Begins to set up databases as a person does who is interrupted, mistaken, or has none.
"use strict";

const { existsSync } = require("node:fs");
const { createServer } = require("node:net");
const { play } = require("./browser.cjs");
const { boxWithin, camera, execute, openFile, openWorkbench, statusItem } = require("./screen.cjs");
const { choose, input, notification, press, step, title, type } = require("./steps.cjs");

const TITLE = "Set Up a Database";
const SERVER = [
  ["2/5", "Host and port"],
  ["3/5", "Name of the database"],
  ["4/5", "User"],
  ["5/5", "Password"],
];

/** Leave the step that is shown; whether anything was written in *folder* by then. */
async function leave(page, folder) {
  await page.keyboard.press("Escape");
  await title(page).waitFor({ state: "hidden" });
  return existsSync(`${folder}/defog.toml`);
}

/** What the steps of a server propose, as far as *answers* go, which are given instead. */
async function throughServer(page, kind, answers) {
  await execute(page, TITLE);
  await step(page, "1/2", "Which database");
  await choose(page, kind);
  const proposed = [];
  for (const [index, answer] of answers.entries()) {
    await step(page, ...SERVER[index]);
    proposed.push(await input(page).inputValue());
    await type(page, answer ?? proposed.at(-1));
  }
  if (answers.length < SERVER.length) {
    await step(page, ...SERVER[answers.length]);
  }
  return proposed;
}

async function server(page, { folder, deaf, address, rest, described }, options, shoot) {
  await openWorkbench(page, { ...options, folder });
  await openFile(page, "a.sql");
  const seen = { written: [] };
  await execute(page, TITLE);
  await step(page, "1/2", "Which database");
  seen.written.push(await leave(page, folder));

  // A port that is none, and no more at the third step.
  await throughServer(page, "MySQL", []);
  await type(page, "127.0.0.1:many");
  await page.locator(".quick-input-message", { hasText: "A port is a number" }).waitFor();
  await shoot("port");
  await type(page, deaf);
  await step(page, ...SERVER[1]);
  await type(page, rest[0]);
  await step(page, ...SERVER[2]);
  await input(page).fill(rest[1]);
  seen.written.push(await leave(page, folder));

  // What was said then is proposed. The server does not answer: nobody has to wait for it.
  seen.again = await throughServer(page, "MySQL", [null, null, null, rest[2]]);
  const connecting = notification(page, `connecting to ${deaf}`);
  await connecting.waitFor();
  await shoot("connecting");
  await press(connecting, "Cancel");
  await connecting.waitFor({ state: "hidden" });
  seen.written.push(existsSync(`${folder}/defog.toml`));
  seen.last = await throughServer(page, "MySQL", [address, null, null, rest[2]]);
  await notification(page, "1 table is known, from").waitFor();
  await shoot("mysql");

  // What a person says of a column becomes the database's own comment.
  const column = await boxWithin(page, described.line, described.name);
  await page.mouse.click(column.x + column.width / 2, column.y + column.height / 2);
  await execute(page, "Describe Table or Column");
  await title(page).filter({ hasText: described.name }).waitFor();
  await type(page, described.text);
  await notification(page, "descriptions are kept in").waitFor();
  await execute(page, "Write Descriptions to a Database");
  const asked = notification(page, "Write 1 description of");
  await asked.waitFor();
  await shoot("comments");
  await press(asked, "Write");
  await notification(page, "has 1 description of").waitFor();
  return seen;
}

async function files(page, { folder }, options, shoot) {
  await openWorkbench(page, { ...options, folder });
  await openFile(page, "a.sql");
  await execute(page, TITLE);
  await step(page, "1/2", "Which database");
  await choose(page, "Only files");
  await step(page, "2/2", "Which dialect");
  await choose(page, "MySQL");
  await page.getByRole("tab", { name: "tables.json" }).waitFor();
  await notification(page, "known once this file is saved").waitFor();
  await statusItem(page).filter({ hasText: "Defog: 1 table" }).waitFor();
  await shoot("files");
}

/** A workspace of several folders: a browser's VS Code now and then reads none of them at first. */
async function openFolders(page, options) {
  for (let tries = 0; tries < 5; tries += 1) {
    await openWorkbench(page, options);
    const row = page.locator(".explorer-folders-view .monaco-list-row").first();
    if (await row.waitFor({ timeout: 6_000 }).then(() => true, () => false)) {
      return;
    }
  }
  throw new Error("the workspace has no folders");
}

/** Several folders, of which one is chosen, and an engine of which much has to be said. */
async function other(page, { workspace, folder }, options, shoot) {
  await openFolders(page, { ...options, workspace });
  const pick = page.locator('.quick-input-widget input[placeholder="The defog.toml of which folder?"]');
  await execute(page, TITLE);
  await pick.waitFor();
  await shoot("folders");
  await page.keyboard.press("Escape");
  await pick.waitFor({ state: "hidden" });
  await execute(page, TITLE);
  await pick.waitFor();
  const messages = await page.locator(".notifications-toasts .notification-list-item").count();
  await choose(page, folder);
  await step(page, "1/2", `Which database do the SQL files of ${folder}`);
  await choose(page, "Another database");
  await step(page, "2/2", "Which one");
  await choose(page, "Snowflake");
  await notification(page, "Fill in what Snowflake needs").waitFor();
  await page.locator(".editor-instance .squiggly-error").nth(2).waitFor({ state: "attached" });
  await shoot("other");
  return { messages, isAsked: await title(page).isVisible() };
}

async function nowhere(page, options, shoot) {
  await openWorkbench(page, options);
  await execute(page, TITLE);
  const said = notification(page, "Open a folder first");
  await said.waitFor();
  await shoot("nowhere");
  await press(said, "Open Folder…");
  await title(page).filter({ hasText: "Open Folder" }).waitFor();
}

play(async (page, options) => {
  const shoot = camera(page, options);
  const pictured = (name) => shoot(`begin-${name}`);
  const deaf = createServer(() => undefined);
  await new Promise((resolve) => deaf.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${deaf.address().port}`;
  try {
    const seen = { deaf: address };
    seen.server = await server(page, { ...options.server, deaf: address }, options, pictured);
    await files(page, options.files, options, pictured);
    seen.other = await other(page, options.other, options, pictured);
    await nowhere(page, options, pictured);
    return seen;
  } finally {
    deaf.close();
  }
});
