// Runs in the extension host. Each step is a function of the options that the test wrote to the
// file named by DEFOG_TEST_SUITE; what it returns is written beside it, for the test to look at.
"use strict";

const { readdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const vscode = require("vscode");

const EXTENSION = "defog.defog-sql";

/** The first truthy value of *probe*, asked again and again. *what* says so when it never comes. */
async function until(what, probe, timeoutMs = 30_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`never happened: ${typeof what === "function" ? what() : what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open(path) {
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, path));
  await vscode.window.showTextDocument(document);
  return document;
}

function ours(uri) {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "defog");
}

function plain(diagnostic) {
  const { start, end } = diagnostic.range;
  const code = diagnostic.code;
  return {
    range: [start.line, start.character, end.line, end.character],
    code: typeof code === "object" ? code.value : code,
    link: typeof code === "object" ? String(code.target) : null,
    severity: vscode.DiagnosticSeverity[diagnostic.severity].toLowerCase(),
    message: diagnostic.message,
  };
}

/** Process ids of the extension host's children that serve the protocol. */
function serverProcesses() {
  const tasks = readdirSync("/proc/self/task");
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  return children.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0").includes("serve");
    } catch {
      return false; // it has just ended
    }
  });
}

/** What a command of VS Code answers, as JSON; once that is something. */
async function answer(command, given) {
  const found = await until(`an answer to ${command}`, async () => {
    const answered = await vscode.commands.executeCommand(command, ...given);
    return Array.isArray(answered) && answered.length === 0 ? undefined : answered;
  });
  return JSON.parse(
    JSON.stringify(found, (_, it) => (it instanceof vscode.MarkdownString ? it.value : it)),
  );
}

/** The argument that JSON stands for: a position has two numbers, a range four. */
function revived(it) {
  if (Array.isArray(it) && it.length === 2) {
    return new vscode.Position(...it);
  }
  if (Array.isArray(it) && it.length === 4) {
    return new vscode.Range(...it);
  }
  return it?.positions === undefined ? it : it.positions.map(revived);
}

async function api() {
  return await vscode.extensions.getExtension(EXTENSION).activate();
}

async function anotherServer(before) {
  return await until("another server process", () => {
    const now = serverProcesses();
    return now.length === 1 && now[0] !== before && now[0];
  });
}

const steps = {
  /** All diagnostics of a file, once there are as many as expected. */
  async diagnostics({ path, atLeast }) {
    const { uri } = await open(path);
    const seen = () => `${atLeast} diagnostics in ${path}, but ${JSON.stringify(ours(uri))}`;
    await until(seen, () => ours(uri).length >= atLeast);
    return ours(uri).map(plain);
  },

  /** The same of a file that is not open: the workspace is checked as a whole. */
  async unopened({ path, count }) {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, path);
    const seen = () => `${count} diagnostics in ${path}, but ${JSON.stringify(ours(uri))}`;
    await until(seen, () => ours(uri).length === count);
    return vscode.workspace.textDocuments.some((it) => it.uri.path === uri.path);
  },

  /** Move a file, as the explorer does; what *path* then says. */
  async move({ from, to, path }) {
    const folder = vscode.workspace.workspaceFolders[0].uri;
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.joinPath(folder, from), vscode.Uri.joinPath(folder, to));
    await vscode.workspace.applyEdit(edit);
    return (await open(path)).getText();
  },

  /** Labels offered at the end of *text*, typed as a new document. */
  async completion({ text }) {
    const document = await vscode.workspace.openTextDocument({ language: "sql", content: text });
    await vscode.window.showTextDocument(document);
    const command = "vscode.executeCompletionItemProvider";
    const at = document.positionAt(text.length);
    const list = await until("completion", async () => {
      const found = await vscode.commands.executeCommand(command, document.uri, at);
      return found.items.length > 0 && found;
    });
    return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
  },

  /** What VS Code makes of the answers of a provider, as JSON; once there is something. */
  async provider({ command, path, given = [] }) {
    const about = path === undefined ? [] : [(await open(path)).uri];
    return await answer(command, [...about, ...given.map(revived)]);
  },

  /** The same for the SQL of a notebook's first cell, and what is wrong in it. */
  async notebook({ path, command, given }) {
    const folder = vscode.workspace.workspaceFolders[0].uri;
    const uri = vscode.Uri.joinPath(folder, path);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const cell = notebook.cellAt(0).document;
    await until("a diagnostic in the cell", () => ours(cell.uri).length > 0);
    const answered = await answer(command, [cell.uri, ...given.map(revived)]);
    return { language: cell.languageId, answered, diagnostics: ours(cell.uri).map(plain) };
  },

  /** Change a file as another program does; then the server, once there are so many diagnostics. */
  async outside({ path, replace, by, diagnosed, count }) {
    if (replace !== undefined) {
      const file = `${vscode.workspace.workspaceFolders[0].uri.fsPath}/${path}`;
      writeFileSync(file, readFileSync(file, "utf8").replace(replace, () => by));
    }
    const { uri } = await open(diagnosed);
    const seen = () => `${count} diagnostics in ${diagnosed}, but ${JSON.stringify(ours(uri))}`;
    await until(seen, () => ours(uri).length === count);
    return serverProcesses();
  },

  /** Write a table into the cache file, as another program does that knows of it. */
  async cache({ table, columns }) {
    const folder = `${process.env.DEFOG_HOME}/cache`;
    // Of the workspace that was read last.
    const [name] = readdirSync(folder)
      .filter((it) => it.endsWith(".json"))
      .sort((one, other) => statSync(`${folder}/${other}`).mtimeMs - statSync(`${folder}/${one}`).mtimeMs);
    const cache = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
    cache.metadata[table] = { table_description: "", columns };
    cache.timestamp = Date.now() / 1000;
    writeFileSync(`${folder}/${name}.new`, JSON.stringify(cache, null, 2));
    renameSync(`${folder}/${name}.new`, `${folder}/${name}`);
    return name;
  },

  /** Who reads a table, and what that reads: names, with the text where they do. */
  async calls({ path, line, character }) {
    const { uri } = await open(path);
    const at = new vscode.Position(line, character);
    const [item] = await until("a call hierarchy", async () => {
      const found = await vscode.commands.executeCommand("vscode.prepareCallHierarchy", uri, at);
      return found.length > 0 && found;
    });
    const named = async (calls, end, from) =>
      Promise.all(
        calls.map(async (call) => {
          const document = await vscode.workspace.openTextDocument(from ?? call[end].uri);
          return [call[end].name, call.fromRanges.map((it) => document.getText(it))];
        }),
      );
    const incoming = await vscode.commands.executeCommand("vscode.provideIncomingCalls", item);
    const outgoing = await vscode.commands.executeCommand("vscode.provideOutgoingCalls", item);
    return {
      name: item.name,
      incoming: await named(incoming, "from"),
      outgoing: await named(outgoing, "to", item.uri),
    };
  },

  /** The status bar, once its text and tooltip match. */
  async status({ matching, timeoutMs }) {
    const exported = await api();
    const pattern = new RegExp(matching, "ms");
    const seen = () => `status ${matching}, but ${JSON.stringify(exported.status())}`;
    const matches = ({ text, tooltip }) => pattern.test(`${text}\n${tooltip}`);
    await until(seen, () => matches(exported.status()), timeoutMs);
    return exported.status();
  },

  async trust() {
    return vscode.workspace.isTrusted;
  },

  async commands() {
    const all = await vscode.commands.getCommands(true);
    return all.filter((name) => name.startsWith("defog."));
  },

  async command({ name }) {
    await vscode.commands.executeCommand(name);
    return null;
  },

  /** Restart by command: another process serves the same diagnostics. */
  async restart({ path }) {
    const { uri } = await open(path);
    const [before] = await until("a server", () => serverProcesses().length > 0 && serverProcesses());
    const expected = ours(uri).length;
    await vscode.commands.executeCommand("defog.restartServer");
    const after = await anotherServer(before);
    await until("the same diagnostics again", () => ours(uri).length === expected);
    return { before, after };
  },

  /** Kill the server: it comes back by itself, with the text as it is by now. */
  async crash({ path }) {
    const { uri } = await open(path);
    const [before] = serverProcesses();
    const expected = ours(uri).length;
    process.kill(Number(before), "SIGKILL");
    const after = await anotherServer(before);
    await until("the same diagnostics again", () => ours(uri).length === expected);
    return { before, after };
  },

  /** Edit without saving: the diagnostics follow. */
  async edit({ path, replace, by, gone }) {
    const document = await open(path);
    const before = ours(document.uri).length;
    const start = document.positionAt(document.getText().indexOf(replace));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(start, start.translate(0, replace.length)), by);
    await vscode.workspace.applyEdit(edit);
    await until(`no ${gone} any more`, () => ours(document.uri).length === before - 1);
    return ours(document.uri).map(plain);
  },

  async setting({ name, value }) {
    const target = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration().update(name, value, target);
    return null;
  },
};

exports.run = async () => {
  const { todo, output } = JSON.parse(readFileSync(process.env.DEFOG_TEST_SUITE, "utf8"));
  const done = {};
  try {
    for (const { step, as, ...options } of todo) {
      done[as ?? step] = await steps[step](options);
    }
  } catch (error) {
    done.error = error.stack;
    throw error;
  } finally {
    writeFileSync(output, JSON.stringify(done));
  }
};
