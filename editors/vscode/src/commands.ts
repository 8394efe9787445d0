import * as vscode from "vscode";
import type { Server } from "./server";
import { openConfiguration } from "./configuration";
import { findTable } from "./findTable";
import { openPlace, type HealthPage } from "./healthPage";
import { registerCommand, show } from "./messages";
import type { MetadataNode, MetadataTree } from "./metadataTree";

// The server's own commands (`defog.refreshMetadata`, `defog.showStatus`) are registered by the
// language client under their own names: ours must differ.
const MENU = [
  { command: "defog.refresh", label: "$(refresh) Refresh metadata from the database" },
  { command: "defog.setUp", label: "$(add) Set up a database" },
  { command: "defog.findTable", label: "$(search) Find a table or column" },
  { command: "defog.checkHealthPage", label: "$(heart) Check the health of the metadata" },
  { command: "defog.openConfiguration", label: "$(settings-gear) Open defog.toml" },
  { command: "defog.restartServer", label: "$(debug-restart) Restart the language server" },
  { command: "defog.showOutput", label: "$(output) Show the output" },
  { command: "defog.getStarted", label: "$(lightbulb) Get started" },
] as const;

/** The server's commands about the tables and columns that the active editor names. */
const ON_TABLES = ["describe", "generateDdl", "createTables", "commentDatabase"] as const;

/** Register every command of the extension. */
export function registerCommands(
  server: Server,
  log: vscode.LogOutputChannel,
  tree: MetadataTree,
  health: HealthPage,
): vscode.Disposable[] {
  const commands: Record<string, (...given: never[]) => unknown> = {
    "defog.getStarted": () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false),
    "defog.newQuery": newQuery,
    "defog.refresh": () => refresh(server),
    "defog.openConfiguration": openConfiguration,
    "defog.findTable": () => {
      findTable(server, tree);
    },
    "defog.checkHealthPage": () => health.show(),
    "defog.copyHealth": () => health.copy(),
    "defog.restartServer": () => server.restart(),
    "defog.showOutput": () => {
      log.show();
    },
    "defog.showMenu": showMenu,
    "defog.openPlace": openPlace,
    ...Object.fromEntries(
      ON_TABLES.map((name) => [`defog.editor.${name}`, () => executeHere(server, name)]),
    ),
    ...onNodes(server, tree),
  };
  return Object.entries(commands).map(([name, run]) => registerCommand(name, run));
}

const WALKTHROUGH = "defog.defog-sql#start";

async function newQuery(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "sql" });
  await vscode.window.showTextDocument(document);
}

/** Execute a command of the server for what is selected in the active editor. */
async function executeHere(server: Server, name: (typeof ON_TABLES)[number]): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    void show("information", "Open an SQL file first.");
    return;
  }
  const { start, end } = editor.selection;
  const range = { start: plain(start), end: plain(end) };
  await server.execute(`defog.${name}`, [{ uri: editor.document.uri.toString(), range }]);
}

/** The commands of the tree's nodes: of one, or of all that are selected with it. */
function onNodes(
  server: Server,
  tree: MetadataTree,
): Record<string, (node: MetadataNode, selected?: readonly MetadataNode[]) => unknown> {
  return {
    "defog.node.describe": ({ uri, table, kind, name }) =>
      server.execute("defog.describe", [
        { uri, tables: [table], ...(kind === "column" ? { columns: [name] } : {}) },
      ]),
    "defog.node.generateDdl": (node, selected = [node]) => {
      const tables = selected.filter(({ kind }) => kind !== "column").map(({ table }) => table);
      return server.execute("defog.generateDdl", [{ uri: node.uri, tables }]);
    },
    "defog.node.copyName": (node, selected = [node]) =>
      vscode.env.clipboard.writeText(
        selected.map(({ name, written }) => written || name).join(", "),
      ),
    "defog.node.refresh": async () => {
      await server.execute("defog.refreshMetadata");
      tree.refresh();
    },
  };
}

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}

/** Read the database of the active editor's folder again, or of all folders. */
async function refresh(server: Server): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = active && vscode.workspace.getWorkspaceFolder(active);
  await server.execute("defog.refreshMetadata", folder ? [folder.uri.toString()] : []);
}

async function showMenu(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(MENU, { title: "Defog SQL" });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
