import * as vscode from "vscode";
import type { Server } from "./server";
import { openConfiguration } from "./configuration";
import { HealthPage, openPlace } from "./healthPage";
import type { MetadataNode, MetadataTree } from "./metadataTree";

// The server's own commands (`defog.refreshMetadata`, `defog.showStatus`) are registered by the
// language client under their own names: ours must differ.
const MENU = [
  { command: "defog.refresh", label: "$(refresh) Refresh metadata from the database" },
  { command: "defog.setUp", label: "$(add) Set up a database" },
  { command: "defog.checkHealthPage", label: "$(heart) Check the health of the metadata" },
  { command: "defog.openConfiguration", label: "$(settings-gear) Open defog.toml" },
  { command: "defog.restartServer", label: "$(debug-restart) Restart the language server" },
  { command: "defog.showOutput", label: "$(output) Show the output" },
] as const;

/** The server's commands about the tables and columns that the active editor names. */
const ON_TABLES = ["describe", "generateDdl", "createTables", "commentDatabase"] as const;

/** Register every command of the extension. */
export function registerCommands(
  server: Server,
  log: vscode.LogOutputChannel,
  tree: MetadataTree,
): vscode.Disposable[] {
  const health = new HealthPage(server);
  const commands: Record<string, () => unknown> = {
    "defog.refresh": () => refresh(server),
    "defog.openConfiguration": openConfiguration,
    "defog.restartServer": () => server.restart(),
    "defog.showOutput": () => {
      log.show();
    },
    "defog.checkHealthPage": () => said(health.show()),
    "defog.showMenu": showMenu,
  };
  const onTables = ON_TABLES.map((name) =>
    vscode.commands.registerCommand(`defog.editor.${name}`, () => executeHere(server, name)),
  );
  const others = Object.entries(commands);
  return [
    ...others.map(([name, run]) => vscode.commands.registerCommand(name, run)),
    ...onTables,
    ...onNodes(server, tree),
    vscode.commands.registerCommand("defog.openPlace", openPlace),
    new vscode.Disposable(() => {
      health.dispose();
    }),
  ];
}

/** Execute a command of the server for what is selected in the active editor. */
async function executeHere(server: Server, name: (typeof ON_TABLES)[number]): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    void vscode.window.showInformationMessage("Open an SQL file first.");
    return;
  }
  const { start, end } = editor.selection;
  const range = { start: plain(start), end: plain(end) };
  await execute(server, `defog.${name}`, { uri: editor.document.uri.toString(), range });
}

/** The commands of the tree's nodes. */
function onNodes(server: Server, tree: MetadataTree): vscode.Disposable[] {
  const asked = ({ uri, table, kind, name }: MetadataNode): object => ({
    uri,
    tables: [table],
    ...(kind === "column" ? { columns: [name] } : {}),
  });
  const commands: Record<string, (node: MetadataNode) => unknown> = {
    "defog.node.describe": (node) => execute(server, "defog.describe", asked(node)),
    "defog.node.generateDdl": (node) => execute(server, "defog.generateDdl", asked(node)),
    "defog.node.copyName": (node) =>
      vscode.env.clipboard.writeText(
        node.kind === "column" ? node.name : node.table || node.name,
      ),
    "defog.node.refresh": async () => {
      await execute(server, "defog.refreshMetadata");
      tree.refresh();
    },
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, run),
  );
}

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}

/** Execute a command of the server; what it answers where it cannot is shown. */
async function execute(server: Server, command: string, ...args: unknown[]): Promise<void> {
  await said(server.execute(command, ...args));
}

/** Wait for *work*; its failure is shown. */
async function said(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** Read the database of the active editor's folder again, or of all folders. */
async function refresh(server: Server): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = active && vscode.workspace.getWorkspaceFolder(active);
  await execute(server, "defog.refreshMetadata", ...(folder ? [folder.uri.toString()] : []));
}

async function showMenu(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(MENU, { title: "Defog SQL" });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
