import * as vscode from "vscode";
import { show, type Action } from "./messages";
import type { Secrets } from "./secrets";
import type { Server } from "./server";
import { tablesKnown, type Fields } from "./setUp";
import type { FolderStatus } from "./status";

/** A connection that is to be written down. */
export interface Wanted {
  readonly db_type: string;
  readonly fields: Fields;
  /** Empty where there is none. */
  readonly password: string;
  /** What is connected to, in words. */
  readonly where: string;
}

/** What came of it: "again" where the person wants to correct it, "left" where nothing was written. */
export type Outcome = "written" | "again" | "left";

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

type Asked = Pick<Wanted, "db_type" | "fields"> & { readonly unchecked?: boolean };

/** Connections that are written into the `defog.toml` of a folder. */
export class NewConnection {
  readonly #server: Server;
  readonly #secrets: Secrets;
  readonly #folder: vscode.WorkspaceFolder;

  constructor(server: Server, secrets: Secrets, folder: vscode.WorkspaceFolder) {
    this.#server = server;
    this.#secrets = secrets;
    this.#folder = folder;
  }

  /** Try what is *wanted*, write it down and read it, unless the person gives it up. */
  async tried(wanted: Wanted): Promise<Outcome> {
    const { db_type, fields, password, where } = wanted;
    const added = await this.#waitFor(`connecting to ${where}`, (token) =>
      this.#add({ db_type, fields }, password, token),
    );
    if (added === undefined) {
      return "left";
    }
    if (added.error === "") {
      await tell(added);
      return "written";
    }
    let outcome: Outcome = "left";
    const again = { title: "Try Again", run: () => (outcome = "again") };
    const save = {
      title: "Save Anyway",
      run: async () => {
        const saved = await this.#add({ db_type, fields, unchecked: true }, password);
        outcome = await said(saved);
      },
    };
    await show("error", added.error, added.wrong ? [again] : [again, save]);
    return outcome;
  }

  /** Write down a connection of which everything is left to be filled in. */
  async unfinished(db_type: string, name: string): Promise<Outcome> {
    const added = await this.#add({ db_type, fields: {}, unchecked: true }, "");
    if (added.error !== "") {
      return await said(added);
    }
    await open(added.uri);
    void show("information", `Fill in what ${name} needs, and save defog.toml.`);
    return "written";
  }

  /** *work* with its progress; undefined once the person gives it up. */
  async #waitFor(
    what: string,
    work: (token: vscode.CancellationToken) => Promise<Added>,
  ): Promise<Added | undefined> {
    const location = vscode.ProgressLocation.Notification;
    return await vscode.window.withProgress(
      { location, title: `Defog SQL: ${what}`, cancellable: true },
      async (_, token) => {
        try {
          return await work(token);
        } catch (error) {
          if (token.isCancellationRequested) {
            return undefined;
          }
          throw error;
        }
      },
    );
  }

  async #add(asked: Asked, password: string, token?: vscode.CancellationToken): Promise<Added> {
    const given = [{ folder: this.#folder.uri.toString(), ...asked }];
    const request = (): Promise<Added> =>
      this.#server.execute<Added>("defog.addConnection", given, token);
    if (password === "") {
      return await request();
    }
    return await this.#secrets.offering(password, async () => {
      const added = await request();
      const { folder, connection } = added;
      const isKept = added.error === "" && folder !== null && connection !== null;
      const { user, host } = asked.fields;
      return [
        added,
        isKept ? { folder, connection, user: String(user), host: String(host) } : undefined,
      ];
    });
  }
}

/** Show what was written without being tried, or why nothing was. */
async function said(added: Added): Promise<Outcome> {
  if (added.error !== "") {
    await refused(added.error, added.uri);
    return "left";
  }
  await tell(added);
  return "written";
}

/** Say what came of it. Not awaited further than has to be: a message stays as long as it likes. */
async function tell({ uri, connection, saved, status }: Added): Promise<void> {
  if (!saved) {
    await open(uri);
    void show("information", "Save defog.toml to use the database.");
  } else if (status?.state === "error") {
    const run = (): unknown => vscode.commands.executeCommand("defog.refresh");
    void show("error", status.message, [{ title: "Try Again", run }, opening(uri)]);
  } else {
    const name = connection ?? "the database";
    const known =
      status?.state === "ready"
        ? `${tablesKnown(status.tables)}, from ${name}.`
        : `defog.toml names ${name}, which is read as soon as it can be.`;
    void show("information", known, [opening(uri)]);
  }
}

/** Say why nothing was written into the `defog.toml` at *uri*. */
export async function refused(problem: string, uri: string | null): Promise<void> {
  await show("error", problem, uri === null ? [] : [opening(uri)]);
}

function opening(uri: string | null): Action {
  return { title: "Open defog.toml", run: () => open(uri) };
}

/** Show the document *uri*, if there is one. */
export async function open(uri: string | null): Promise<void> {
  if (uri !== null) {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri, true));
  }
}
