import * as vscode from "vscode";
import { show } from "./messages";
import type { StatusBar } from "./statusBar";

/** Where it is remembered that nobody wants to be asked: of this workspace, and of all. */
const DISMISSED = "defog.setUp.dismissed";

const NOTHING_KNOWN =
  "No database is known for this folder: with one, its tables and columns are completed, explained and checked.";

/** Offer, once, to set up a database where an SQL file is opened that nothing is known for. */
export function offerSetUp(context: vscode.ExtensionContext, status: StatusBar): vscode.Disposable {
  let hasOffered = false;
  const look = async (): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    const isDismissed =
      context.workspaceState.get<boolean>(DISMISSED) ?? context.globalState.get<boolean>(DISMISSED);
    if (
      hasOffered ||
      isDismissed === true ||
      !vscode.workspace.isTrusted ||
      document?.languageId !== "sql" ||
      vscode.workspace.getWorkspaceFolder(document.uri) === undefined ||
      !status.knowsNothingAround(document.uri)
    ) {
      return;
    }
    hasOffered = true;
    await show("information", NOTHING_KNOWN, [
      { title: "Set Up a Database", run: () => vscode.commands.executeCommand("defog.setUp") },
      { title: "Not Now", run: () => context.workspaceState.update(DISMISSED, true) },
      { title: "Never", run: () => context.globalState.update(DISMISSED, true) },
    ]);
  };
  return vscode.Disposable.from(
    status.onDidChange(() => void look()),
    vscode.window.onDidChangeActiveTextEditor(() => void look()),
  );
}
