import * as vscode from "vscode";
import type { Server } from "./server";
import { openConfiguration } from "./configuration";

// The server's own commands (`defog.refreshMetadata`, `defog.showStatus`) are registered by the
// language client under their own names: ours must differ.
const MENU = [
  { command: "defog.refresh", label: "$(refresh) Refresh metadata from the database" },
  { command: "defog.openConfiguration", label: "$(settings-gear) Open defog.toml" },
  { command: "defog.restartServer", label: "$(debug-restart) Restart the language server" },
  { command: "defog.showOutput", label: "$(output) Show the output" },
] as const;

/** Register every command of the extension. */
export function registerCommands(
  server: Server,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const commands: Record<(typeof MENU)[number]["command"] | "defog.showMenu", () => unknown> = {
    "defog.refresh": () => refresh(server),
    "defog.openConfiguration": openConfiguration,
    "defog.restartServer": () => server.restart(),
    "defog.showOutput": () => {
      log.show();
    },
    "defog.showMenu": showMenu,
  };
  return Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run));
}

/** Read the database of the active editor's folder again, or of all folders. */
async function refresh(server: Server): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = active && vscode.workspace.getWorkspaceFolder(active);
  try {
    await server.execute("defog.refreshMetadata", ...(folder ? [folder.uri.toString()] : []));
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

async function showMenu(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(MENU, { title: "Defog SQL" });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
