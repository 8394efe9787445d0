import * as vscode from "vscode";
import type { StatusBar } from "./statusBar";

/** Where it is remembered that nobody wants to be asked: of this workspace, and of all. */
const DISMISSED = "defog.setUp.dismissed";

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
    const chosen = await vscode.window.showInformationMessage(
      "No database is known for this folder: with one, its tables and columns are completed, explained and checked.",
      "Set Up a Database",
      "Not Now",
      "Never",
    );
    if (chosen === "Set Up a Database") {
      await vscode.commands.executeCommand("defog.setUp");
    } else if (chosen === "Not Now") {
      await context.workspaceState.update(DISMISSED, true);
    } else if (chosen === "Never") {
      await context.globalState.update(DISMISSED, true);
    }
  };
  return vscode.Disposable.from(
    status.onDidChange(() => void look()),
    vscode.window.onDidChangeActiveTextEditor(() => void look()),
  );
}
