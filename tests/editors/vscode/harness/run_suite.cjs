// Runs a test suite inside the extension host: what test-electron does where VS Code is a program.
"use strict";

const { play } = require("./browser.cjs");

play(async (page, options) => {
  // The workbench calls this when the suite has ended.
  const ended = new Promise((resolve) => {
    page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.exposeFunction("codeAutomationLog", () => undefined);
  const remote = (path) => `vscode-remote://${new URL(options.url).host}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(options.harness)],
    ["extensionTestsPath", remote(options.suite)],
  ]);
  const url = new URL(options.url);
  url.searchParams.set("folder", options.folder);
  url.searchParams.set("payload", payload);
  await page.goto(url.href);
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the suite did not end in time")), options.timeoutMs).unref();
  });
  return await Promise.race([ended, late]);
});
