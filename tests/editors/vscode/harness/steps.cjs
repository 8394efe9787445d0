// The steps of a question that is asked at the top of the workbench, and the messages below.
"use strict";

const title = (page) => page.locator(".quick-input-widget .quick-input-title");
const input = (page) => page.locator(".quick-input-widget .quick-input-filter input");

/** Wait for the step that asks for *what*: over a list in the box itself, else below it. */
async function step(page, number, what) {
  await title(page).filter({ hasText: `(${number})` }).waitFor();
  const asks = page.locator(".quick-input-message", { hasText: what });
  await asks.or(page.locator(`.quick-input-widget input[placeholder^="${what}"]`)).waitFor();
}

async function choose(page, label) {
  await page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().click();
}

async function type(page, text) {
  await input(page).fill(text);
  await page.keyboard.press("Enter");
}

/** The notification with *text*. */
function notification(page, text) {
  return page.locator(".notifications-toasts .notification-list-item", { hasText: text }).first();
}

async function press(shown, button) {
  await shown.waitFor();
  await shown.getByRole("button", { name: button }).click();
}

module.exports = { choose, input, notification, press, step, title, type };
