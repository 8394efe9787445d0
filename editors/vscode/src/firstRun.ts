import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { chooseFolder } from "./configuration";
import { registerCommand, show } from "./messages";
import { NewConnection, open, refused } from "./newConnection";
import type { Secrets } from "./secrets";
import type { Server } from "./server";
import {
  DIALECTS,
  fieldsOf,
  OTHERS,
  proposed,
  readAddress,
  type ServerDraft,
  type ServerKind,
} from "./setUp";
import { ask, BACK, choose, type Answer } from "./steps";

const TITLE = "Set Up a Database";

/** What the server answers to `defog.addMetadata`. */
interface Started {
  readonly uri: string | null;
  readonly file: string | null;
  readonly error: string;
  readonly saved: boolean;
}

/** What was said of servers, by folder and kind, and not written down: who has left can go on. */
type Drafts = Map<string, ServerDraft>;

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
  const drafts: Drafts = new Map();
  return [
    registerCommand("defog.setUp", () => setUp(server, secrets, drafts)),
    registerCommand("defog.forgetPasswords", async () => {
      const count = await secrets.forget();
      const said = count === 1 ? "1 password was" : `${count.toString()} passwords were`;
      void show("information", `${said} forgotten.`);
      await server.execute("defog.forgetSecrets");
    }),
  ];
}

/** Ask, step by step, which database a folder belongs to, try it and write it down. */
async function setUp(server: Server, secrets: Secrets, drafts: Drafts): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await show("warning", NOT_TRUSTED, [MANAGE_TRUST]);
    return;
  }
  const folder = await chooseFolder();
  if (folder === undefined) {
    return;
  }
  const setup = new SetUp(server, secrets, folder, drafts);
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

const NOT_TRUSTED =
  "A database is set up in a trusted workspace only: its defog.toml says which host is given your password.";
const MANAGE_TRUST = {
  title: "Manage Workspace Trust",
  run: () => vscode.commands.executeCommand("workbench.trust.manage"),
};

/** The steps after the first one, for one folder. Each answers `BACK` to have that one again. */
class SetUp {
  readonly #server: Server;
  readonly #folder: vscode.WorkspaceFolder;
  readonly #drafts: Drafts;
  readonly #connection: NewConnection;

  constructor(server: Server, secrets: Secrets, folder: vscode.WorkspaceFolder, drafts: Drafts) {
    this.#server = server;
    this.#folder = folder;
    this.#drafts = drafts;
    this.#connection = new NewConnection(server, secrets, folder);
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
      const outcome = await this.#connection.tried({
        db_type: "sqlite",
        fields: { database },
        password: "",
        where: path.basename(database),
      });
      if (outcome !== "again") {
        return "done";
      }
    }
  }

  async server(kind: ServerKind, name: string): Promise<Answer<"done">> {
    const key = `${kind} ${this.#folder.uri.toString()}`;
    const draft =
      this.#drafts.get(key) ?? proposed(kind, process.env, os.userInfo().username);
    this.#drafts.set(key, draft);
    try {
      for (;;) {
        const answer = await this.#askServer(kind, name, draft);
        if (answer !== "done") {
          return answer;
        }
        const fields = fieldsOf(kind, draft);
        const { address: where, password } = draft;
        const outcome = await this.#connection.tried({ db_type: kind, fields, password, where });
        if (outcome === "written") {
          this.#drafts.delete(key);
        }
        if (outcome !== "again") {
          return "done";
        }
      }
    } finally {
      draft.password = "";
    }
  }

  /** Have every field of *draft* said, the first one first. */
  async #askServer(
    kind: ServerKind,
    name: string,
    draft: ServerDraft,
  ): Promise<Answer<"done">> {
    const steps = this.#serverSteps(kind);
    for (let index = 0; ; ) {
      const step = steps[index];
      if (step === undefined) {
        return "done";
      }
      const answer = await ask({
        ...step,
        title: `${TITLE}: ${name}`,
        step: index + 2,
        totalSteps: steps.length + 1,
        value: draft[step.field],
        typed: (text) => {
          draft[step.field] = text;
        },
      });
      if (answer === undefined) {
        return undefined;
      }
      if (answer !== BACK) {
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
    const started = await this.#server.execute<Started>("defog.addMetadata", [asked]);
    if (started.error !== "") {
      await refused(started.error, started.uri);
      return "done";
    }
    await open(started.file);
    // No longer than what a message shows of itself.
    const hint = started.saved
      ? "Tables described here are known once this file is saved."
      : "Save defog.toml, and the tables described here are known.";
    void show("information", hint);
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
    await this.#connection.unfinished(chosen.dbType, chosen.label);
    return "done";
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
