import type * as vscode from "vscode";

/** The log, for the messages between client and server: without what *hide* takes out of them. */
export function traceChannel(
  log: vscode.OutputChannel,
  hide: (text: string) => string,
): vscode.OutputChannel {
  return {
    name: log.name,
    append: (text) => {
      log.append(hide(text));
    },
    appendLine: (text) => {
      log.appendLine(hide(text));
    },
    replace: (text) => {
      log.replace(hide(text));
    },
    clear: () => {
      log.clear();
    },
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- one of its two forms is
    show: () => {
      log.show();
    },
    hide: () => {
      log.hide();
    },
    dispose: () => {
      // The log is not ours.
    },
  };
}
