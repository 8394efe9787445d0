import * as vscode from "vscode";
import { show, type Action } from "./messages";

/** What a new `defog.toml` says for each kind of database. */
const CONNECTIONS: Readonly<Record<string, string>> = {
  SQLite: `[connections.main]
db_type = "sqlite"
database = "data.db"   # relative to this file
`,
  PostgreSQL: `[connections.main]
db_type = "postgres"
host = "localhost"
port = 5432
database = "mydb"
user = "me"
password = { ask = true }   # or { env = "PGPASSWORD" }, the variable that holds it
schema_whitelist = ["public"]
`,
  "MySQL or MariaDB": `[connections.main]
db_type = "mysql"
host = "localhost"
port = 3306
database = "mydb"
user = "me"
password = { ask = true }   # or { env = "MYSQL_PWD" }, the variable that holds it
`,
};

/** Open the `defog.toml` of the active editor's folder, or offer to make one. */
export async function openConfiguration(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) {
    return;
  }
  const file = vscode.Uri.joinPath(folder.uri, "defog.toml");
  if (await exists(file)) {
    await vscode.window.showTextDocument(file);
    return;
  }
  const kind = await vscode.window.showQuickPick(Object.keys(CONNECTIONS), {
    title: "Make a defog.toml",
    placeHolder: `Which database do the SQL files of ${folder.name} belong to?`,
  });
  const text = kind === undefined ? undefined : CONNECTIONS[kind];
  if (text !== undefined) {
    await vscode.workspace.fs.writeFile(file, Buffer.from(text));
    await vscode.window.showTextDocument(file);
  }
}

/** The folder of the active editor, or the one that is chosen among several; to open where none is. */
export async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const ofActive = active && vscode.workspace.getWorkspaceFolder(active);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    void show("information", NO_FOLDER, [OPEN_FOLDER]);
  }
  const pick = { placeHolder: "The defog.toml of which folder?" };
  return ofActive ?? (folders.length > 1 ? vscode.window.showWorkspaceFolderPick(pick) : folders[0]);
}

const NO_FOLDER =
  "Open a folder first: the defog.toml in it says which database its SQL files belong to.";
const OPEN_FOLDER: Action = {
  title: "Open Folder…",
  run: () => vscode.commands.executeCommand("vscode.openFolder"),
};

async function exists(file: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
