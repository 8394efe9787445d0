// Waits for a database that does not answer, and gives up.
"use strict";

const { play } = require("./browser.cjs");
const { camera, openFile, openWorkbench, statusItem } = require("./screen.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  const seen = {};
  await openFile(page, options.file);
  await statusItem(page).filter({ hasText: options.status }).waitFor();
  seen.spins = await statusItem(page).locator(".codicon-sync").count();
  const progress = page.locator(".statusbar-item", { hasText: options.progress });
  await progress.waitFor();
  await progress.click();
  const cancel = page.getByRole("button", { name: "Cancel" });
  await cancel.waitFor();
  await shoot("progress");
  await cancel.click();
  await progress.waitFor({ state: "hidden" });
  await statusItem(page).filter({ hasText: options.after }).waitFor();
  await statusItem(page).hover();
  const tooltip = page.locator(".monaco-hover", { hasText: "Connection" });
  await tooltip.waitFor();
  seen.tooltip = await tooltip.innerText();
  await shoot("progress-cancelled");
  return seen;
});
