// Sets up databases as a person does who has just installed the extension: a file, then a server.
"use strict";

const { execFileSync } = require("node:child_process");
const { play } = require("./browser.cjs");
const { boxWithin, camera, execute, hover, openFile, openWorkbench, statusItem } = require("./screen.cjs");
const { choose, input, notification, press, step, title, type } = require("./steps.cjs");

/** Answers what waits until the status bar has said *text* since now, for however short a time. */
async function statusSaying(page, text) {
  await page.evaluate(() => {
    const bar = document.querySelector(".part.statusbar");
    window.said = [];
    const changes = { subtree: true, childList: true, characterData: true };
    new MutationObserver(() => window.said.push(bar.textContent)).observe(bar, changes);
  });
  return () => page.waitForFunction((it) => window.said.some((said) => said.includes(it)), text);
}

/** What is said of *name* in the *line*, once the pointer has left what was clicked before. */
async function explained(page, line, name, words) {
  await page.mouse.move(700, 450);
  await page.locator(".monaco-hover:visible").waitFor({ state: "hidden" });
  const shown = await hover(page, await boxWithin(page, line, name), words);
  await page.keyboard.press("Escape");
  return shown;
}

async function sqlite(page, { folder, file, known, line, name, described }, options, shoot) {
  await openWorkbench(page, { ...options, folder });
  await openFile(page, "a.sql");
  const offer = notification(page, "No database is known for this folder");
  await offer.waitFor();
  await shoot("offer");
  await press(offer, "Set Up a Database");
  await step(page, "1/2", "Which database");
  const kinds = await page
    .locator(".quick-input-list .monaco-list-row")
    .evaluateAll((rows) => rows.map((row) => row.innerText.split("\n")[0].trim()));
  await shoot("kinds");
  await choose(page, "SQLite");
  await step(page, "2/2", "Which file");
  await shoot("sqlite-file");
  await choose(page, file);
  await notification(page, known).waitFor();
  await shoot("sqlite-done");
  const seen = { kinds };
  seen.hover = await explained(page, line, name, described);
  return seen;
}

async function server(page, wanted, options, shoot) {
  const { folder, address, database, user, wrong, password, known, line, name, described } = wanted;
  const { grow, tables } = wanted;
  await openWorkbench(page, { ...options, folder });
  await openFile(page, "a.sql");
  await execute(page, "Set Up a Database");
  await step(page, "1/2", "Which database");
  await choose(page, "PostgreSQL");
  await step(page, "2/5", "Host and port");
  await type(page, "no host");
  await page.locator(".quick-input-message", { hasText: "Write a host, or host:port" }).waitFor();
  await type(page, address);
  await step(page, "3/5", "Name of the database");
  // Back, where what was said still stands.
  await page.locator(".quick-input-widget").getByRole("button", { name: "Back" }).click();
  await step(page, "2/5", "Host and port");
  const seen = { kept: await input(page).inputValue() };
  await page.keyboard.press("Enter");
  await step(page, "3/5", "Name of the database");
  await type(page, database);
  await step(page, "4/5", "User");
  await type(page, user);
  await step(page, "5/5", "Password");
  await input(page).fill(wrong);
  seen.unseen = await input(page).getAttribute("type");
  await shoot("password");
  await page.keyboard.press("Enter");
  const refused = notification(page, `refused user "${user}"`);
  await refused.waitFor();
  await shoot("refused");
  await press(refused, "Try Again");
  await step(page, "2/5", "Host and port");
  await page.keyboard.press("Enter");
  await step(page, "3/5", "Name of the database");
  await page.keyboard.press("Enter");
  await step(page, "4/5", "User");
  await page.keyboard.press("Enter");
  await step(page, "5/5", "Password");
  await type(page, password);
  await notification(page, known).waitFor();
  await statusItem(page).filter({ hasText: tables[0] }).waitFor();
  await shoot("server-done");
  seen.hover = await explained(page, line, name, described);

  // A server that knows nothing is given what is kept, without a question.
  execFileSync(grow[0], grow.slice(1));
  const starts = await statusSaying(page, "starting");
  await execute(page, "Restart Language Server");
  await starts();
  await statusItem(page).filter({ hasText: tables[0] }).waitFor();
  await execute(page, "Refresh Metadata from the Database");
  await statusItem(page).filter({ hasText: tables[1] }).waitFor();
  // Once nothing is kept, the person is asked.
  await execute(page, "Forget Passwords");
  await notification(page, "1 password was forgotten").waitFor();
  execFileSync(grow[0], grow.slice(1));
  await execute(page, "Refresh Metadata from the Database");
  await title(page).filter({ hasText: `Password of ${user}` }).waitFor();
  await shoot("asked");
  await type(page, password);
  await statusItem(page).filter({ hasText: tables[2] }).waitFor();
  return seen;
}

play(async (page, options) => {
  const shoot = camera(page, options);
  const pictured = (name) => shoot(`setup-${name}`);
  const first = await sqlite(page, options.sqlite, options, pictured);
  const second = await server(page, options.server, options, pictured);
  return { sqlite: first, server: second };
});
