// Reads a message as a person does, and presses one of its buttons.
"use strict";

const { play } = require("./browser.cjs");
const { camera, execute, openWorkbench } = require("./screen.cjs");
const { notification, press } = require("./steps.cjs");

play(async (page, options) => {
  const shoot = camera(page, options);
  await openWorkbench(page, options);
  if (options.command !== undefined) {
    await execute(page, options.command);
  }
  const message = notification(page, options.message);
  await message.waitFor();
  await shoot(options.picture);
  const seen = {
    text: await message.locator(".notification-list-item-message").innerText(),
    buttons: await message.locator(".monaco-button").allInnerTexts(),
  };
  if (options.press !== undefined) {
    await press(message, options.press);
    await page.getByText(options.after).first().waitFor();
    await shoot(`${options.picture}-after`);
  }
  return seen;
});
