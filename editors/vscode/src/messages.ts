import * as vscode from "vscode";

/** A button under a message. */
export interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

type Show = (message: string, ...titles: string[]) => Thenable<string | undefined>;

const SHOWN = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const satisfies Record<string, Show>;

/**
 * Show *message* until it is closed, or until one of *actions* is chosen, which is then run; its
 * failure is shown.
 */
export async function show(
  severity: keyof typeof SHOWN,
  message: string,
  actions: readonly Action[] = [],
): Promise<void> {
  const shown: Show = SHOWN[severity];
  const chosen = await shown(message, ...actions.map(({ title }) => title));
  await attempt(() => actions.find(({ title }) => title === chosen)?.run());
}

/** Register a command that *run* executes; its failure is shown. */
export function registerCommand(
  name: string,
  run: (...given: never[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(name, (...given: never[]) => attempt(() => run(...given)));
}

/** Do *work*; its failure is shown. */
export async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    void show("error", messageOf(error));
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
