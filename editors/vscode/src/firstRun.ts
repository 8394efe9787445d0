import * as os from "node:os";
import * as vscode from "vscode";
import { chooseFolder } from "./configuration";
import type { Secrets } from "./secrets";
import type { Server } from "./server";
import {
  DIALECTS,
  fieldsOf,
  OTHERS,
  proposed,
  readAddress,
  tablesKnown,
  type Fields,
  type ServerDraft,
  type ServerKind,
} from "./setUp";
import type { FolderStatus } from "./status";
import { ask, BACK, choose, type Answer } from "./steps";

const TITLE = "Set Up a Database";

/** A connection that is to be written down. */
interface Wanted {
  readonly db_type: string;
  readonly fields: Fields;
  readonly password: string;
  /** Written without being tried. */
  readonly unchecked?: boolean;
}

/** What the server answers to `defog.addConnection`. */
interface Added {
  readonly uri: string | null;
  readonly folder: string | null;
  readonly connection: string | null;
  readonly error: string;
  readonly wrong: boolean;
  readonly saved: boolean;
  readonly status: FolderStatus | null;
}

/** What the server answers to `defog.addMetadata`. */
interface Started {
  readonly uri: string | null;
  readonly file: string | null;
  readonly error: string;
}

interface Kind extends vscode.QuickPickItem {
  readonly run: (setup: SetUp) => Promise<Answer<"done">>;
}

const KINDS: readonly Kind[] = [
  {
    label: "$(file) SQLite",
    description: "a database in a file",
    run: (setup) => setup.sqlite(),
  },
  {
    label: "$(database) PostgreSQL",
    description: "and what speaks its protocol",
    run: (setup) => setup.server("postgres", "PostgreSQL"),
  },
  {
    label: "$(database) MySQL or MariaDB",
    run: (setup) => setup.server("mysql", "MySQL or MariaDB"),
  },
  {
    label: "$(json) Only files, no database",
    description: "tables are described in JSON",
    run: (setup) => setup.files(),
  },
  {
    label: "$(ellipsis) Another database",
    description: "DuckDB, Snowflake, BigQuery, … written in defog.toml",
    run: (setup) => setup.other(),
  },
];

interface ServerStep {
  readonly field: keyof ServerDraft;
  readonly prompt: string;
  readonly isSecret?: boolean;
  readonly validate?: (text: string) => string | undefined;
}

const DATABASE_FILES = "**/*.{db,db3,sqlite,sqlite3}";
const MOST_FILES = 50;

/** Register the commands that set up a database, and that forget its password. */
export function registerSetUp(server: Server, secrets: Secrets): vscode.Disposable[] {
  const register = (name: string, run: () => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(name, async () => {
      try {
        await run();
      } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    });
  return [
    register("defog.setUp", () => setUp(server, secrets)),
    register("defog.forgetPasswords", async () => {
      const count = await secrets.forget();
      const said = count === 1 ? "1 password was" : `${count.toString()} passwords were`;
      void vscode.window.showInformationMessage(`${said} forgotten.`);
      await server.execute("defog.forgetSecrets");
    }),
  ];
}

/** Ask, step by step, which database a folder belongs to, try it and write it down. */
async function setUp(server: Server, secrets: Secrets): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    const manage = "Manage Workspace Trust";
    const chosen = await vscode.window.showWarningMessage(
      "A database is set up in a trusted workspace only: its defog.toml says which host is given your password.",
      manage,
    );
    if (chosen === manage) {
      await vscode.commands.executeCommand("workbench.trust.manage");
    }
    return;
  }
  const folder = await chooseFolder();
  if (folder === undefined) {
    void vscode.window.showInformationMessage(
      "Open a folder first: its defog.toml says which database its SQL files belong to.",
    );
    return;
  }
  const setup = new SetUp(server, secrets, folder);
  let kind: Kind | undefined;
  for (;;) {
    const chosen = await choose({
      title: TITLE,
      step: 1,
      totalSteps: 2,
      placeholder: `Which database do the SQL files of ${folder.name} belong to?`,
      items: KINDS,
      active: kind,
    });
    if (chosen === undefined || chosen === BACK) {
      return;
    }
    kind = chosen;
    if ((await kind.run(setup)) !== BACK) {
      return;
    }
  }
}

/** The steps after the first one, for one folder. Each answers `BACK` to have that one again. */
class SetUp {
  readonly #server: Server;
  readonly #secrets: Secrets;
  readonly #folder: vscode.WorkspaceFolder;

  constructor(server: Server, secrets: Secrets, folder: vscode.WorkspaceFolder) {
    this.#server = server;
    this.#secrets = secrets;
    this.#folder = folder;
  }

  async sqlite(): Promise<Answer<"done">> {
    const pattern = new vscode.RelativePattern(this.#folder, DATABASE_FILES);
    const found = await vscode.workspace.findFiles(pattern, "**/node_modules/**", MOST_FILES);
    const browse = { label: "$(folder-opened) Browse…", uri: undefined };
    const files = found
      .map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri }))
      .sort((one, other) => one.label.localeCompare(other.label));
    for (;;) {
      const chosen = await choose<vscode.QuickPickItem & { uri: vscode.Uri | undefined }>({
        title: `${TITLE}: SQLite`,
        step: 2,
        totalSteps: 2,
        placeholder: "Which file is the database?",
        items: [...files, browse],
      });
      if (chosen === undefined || chosen === BACK) {
        return chosen;
      }
      const file = chosen.uri ?? (await this.#browse());
      if (file === undefined) {
        continue;
      }
      const database = file.fsPath;
      const outcome = await this.#add({ db_type: "sqlite", fields: { database }, password: "" });
      if (outcome !== "again") {
        return "done";
      }
    }
  }

  async server(kind: ServerKind, name: string): Promise<Answer<"done">> {
    const draft = proposed(kind, process.env, os.userInfo().username);
    const steps = this.#serverSteps(kind);
    for (let index = 0; ; ) {
      const step = steps[index];
      if (step === undefined) {
        const fields = fieldsOf(kind, draft);
        const wanted = { db_type: kind, fields, password: draft.password };
        const outcome = await this.#add(wanted);
        if (outcome !== "again") {
          return "done";
        }
        index = 0;
        continue;
      }
      const answer = await ask({
        ...step,
        title: `${TITLE}: ${name}`,
        step: index + 2,
        totalSteps: steps.length + 1,
        value: draft[step.field],
      });
      if (answer === undefined) {
        return undefined;
      }
      if (answer !== BACK) {
        draft[step.field] = answer;
        index += 1;
      } else if (index > 0) {
        index -= 1;
      } else {
        return BACK;
      }
    }
  }

  #serverSteps(kind: ServerKind): readonly ServerStep[] {
    const needed =
      (what: string) =>
      (text: string): string | undefined =>
        text.trim() === "" ? `Write ${what}` : undefined;
    return [
      {
        field: "address",
        prompt: "Host and port of the server",
        validate: (text: string) => {
          const address = readAddress(text, kind);
          return typeof address === "string" ? address : undefined;
        },
      },
      { field: "database", prompt: "Name of the database", validate: needed("its name") },
      { field: "user", prompt: "User to connect as", validate: needed("a user") },
      {
        field: "password",
        prompt:
          "Password, empty where there is none. It is kept in VS Code's secret storage, not in a file.",
        isSecret: true,
      },
    ];
  }

  async files(): Promise<Answer<"done">> {
    const chosen = await choose({
      title: `${TITLE}: Only Files`,
      step: 2,
      totalSteps: 2,
      placeholder: "Which dialect are the SQL files written in?",
      items: DIALECTS,
    });
    if (chosen === undefined || chosen === BACK) {
      return chosen;
    }
    const asked = { folder: this.#folder.uri.toString(), dialect: chosen.dialect };
    const started = await this.#server.execute<Started>("defog.addMetadata", asked);
    if (started.error !== "") {
      await this.#report(started.error, started.uri);
      return "done";
    }
    if (started.file !== null) {
      await vscode.window.showTextDocument(vscode.Uri.parse(started.file, true));
    }
    void vscode.window.showInformationMessage(
      "Describe your tables in this file: they are known as soon as it is saved.",
    );
    return "done";
  }

  async other(): Promise<Answer<"done">> {
    const chosen = await choose({
      title: `${TITLE}: Another Database`,
      step: 2,
      totalSteps: 2,
      placeholder: "Which one? What it needs is then written in defog.toml.",
      items: OTHERS,
    });
    if (chosen === undefined || chosen === BACK) {
      return chosen;
    }
    const wanted = { db_type: chosen.dbType, fields: {}, password: "", unchecked: true };
    const added = await this.#request(wanted);
    if (added.error === "") {
      await open(added.uri);
    } else {
      await this.#report(added.error, added.uri);
    }
    return "done";
  }

  /** Try, write down and read what is *wanted*; "again" where the person wants to correct it. */
  async #add(wanted: Wanted): Promise<"done" | "again"> {
    const added = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Defog SQL: connecting…" },
      () => this.#request(wanted),
    );
    if (added.error !== "") {
      const again = "Try Again";
      const save = "Save Anyway";
      const buttons = added.wrong ? [again] : [again, save];
      const chosen = await vscode.window.showErrorMessage(added.error, ...buttons);
      if (chosen === save) {
        return await this.#add({ ...wanted, unchecked: true });
      }
      return chosen === again ? "again" : "done";
    }
    await this.#tell(added);
    return "done";
  }

  /** Say what came of it. Not awaited further than has to be: a message stays as long as it likes. */
  async #tell({ uri, connection, saved, status }: Added): Promise<void> {
    if (!saved) {
      await open(uri);
      void vscode.window.showInformationMessage("Save defog.toml to use the database.");
    } else if (status?.state === "error") {
      await this.#report(status.message, uri);
    } else {
      const name = connection ?? "the database";
      const known =
        status?.state === "ready"
          ? `${tablesKnown(status.tables)}, from ${name}.`
          : `defog.toml names ${name}, which is read as soon as it can be.`;
      const show = "Open defog.toml";
      void vscode.window.showInformationMessage(known, show).then(async (chosen) => {
        if (chosen === show) {
          await open(uri);
        }
      });
    }
  }

  async #request({ password, ...wanted }: Wanted): Promise<Added> {
    const asked = { folder: this.#folder.uri.toString(), ...wanted };
    const request = (): Promise<Added> =>
      this.#server.execute<Added>("defog.addConnection", asked);
    if (password === "") {
      return await request();
    }
    return await this.#secrets.offering(password, async () => {
      const added = await request();
      const { folder, connection } = added;
      const isKept = added.error === "" && folder !== null && connection !== null;
      const { user, host } = wanted.fields;
      return [
        added,
        isKept ? { folder, connection, user: String(user), host: String(host) } : undefined,
      ];
    });
  }

  async #report(problem: string, uri: string | null): Promise<void> {
    const again = "Try Again";
    const show = "Open defog.toml";
    const buttons = uri === null ? [again] : [again, show];
    const chosen = await vscode.window.showErrorMessage(problem, ...buttons);
    if (chosen === show) {
      await open(uri);
    } else if (chosen === again) {
      await vscode.commands.executeCommand("defog.refresh");
    }
  }

  async #browse(): Promise<vscode.Uri | undefined> {
    const chosen = await vscode.window.showOpenDialog({
      title: "The SQLite database",
      openLabel: "Use",
      defaultUri: this.#folder.uri,
      filters: { "SQLite databases": ["db", "db3", "sqlite", "sqlite3"], "All files": ["*"] },
    });
    return chosen?.[0];
  }
}

async function open(uri: string | null): Promise<void> {
  if (uri !== null) {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri, true));
  }
}
