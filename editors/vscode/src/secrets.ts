import * as vscode from "vscode";
import { hidden } from "./redaction";

/** What a password is for. */
export interface Purpose {
  readonly connection: string;
  /** URI of the folder with the `defog.toml`. */
  readonly folder: string;
  readonly user: string;
  readonly host: string;
}

/** What the server asks when a `defog.toml` leaves a password to whoever uses the connection. */
export interface SecretQuestion extends Purpose {
  /** The question in words. */
  readonly title: string;
  /** Whether the database has refused the last answer. */
  readonly wrong: boolean;
}

/** The names under which passwords are kept: the storage itself has no list of them. */
const NAMES = "defog.passwords";

/** Passwords in VS Code's secret storage; nowhere else, and never in a log. */
export class Secrets {
  readonly #storage: vscode.SecretStorage;
  readonly #state: vscode.Memento;
  /** All that were given in this window. */
  readonly #given = new Set<string>();
  #offered: Offer | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#storage = context.secrets;
    this.#state = context.globalState;
  }

  /** The password that is kept or, without one or when it is wrong, the one that is typed. */
  async answer(question: SecretQuestion): Promise<string | null> {
    const name = nameOf(question);
    if (question.wrong) {
      await this.#storage.delete(name);
    }
    const offered = this.#offered?.take(name);
    if (offered !== undefined) {
      return offered;
    }
    const kept = await this.#storage.get(name);
    if (kept !== undefined) {
      this.#given.add(kept);
      return kept;
    }
    const typed = await vscode.window.showInputBox({
      title: question.title,
      prompt: question.wrong
        ? `The database refused the last one. ${KEPT}`
        : KEPT,
      password: true,
      ignoreFocusOut: true,
    });
    if (typed === undefined || typed === "") {
      return null;
    }
    this.#given.add(typed);
    await this.#keep(name, typed);
    return typed;
  }

  /** Give *password* to what asks while *work* goes on; keep it for what that says, if anything. */
  async offering<T>(
    password: string,
    work: () => Promise<[done: T, keptFor: Purpose | undefined]>,
  ): Promise<T> {
    this.#given.add(password);
    this.#offered = new Offer(password);
    try {
      const [done, keptFor] = await work();
      if (keptFor !== undefined) {
        await this.#keep(nameOf(keptFor), password);
      }
      return done;
    } finally {
      this.#offered = undefined;
    }
  }

  /** Forget every password that is kept; how many there were. */
  async forget(): Promise<number> {
    const names = this.#state.get<string[]>(NAMES, []);
    for (const name of names) {
      await this.#storage.delete(name);
    }
    await this.#state.update(NAMES, undefined);
    return names.length;
  }

  /** *text* without the passwords that were given in this window. */
  hiddenIn(text: string): string {
    return hidden(text, this.#given);
  }

  async #keep(name: string, password: string): Promise<void> {
    await this.#storage.store(name, password);
    const names = this.#state.get<string[]>(NAMES, []);
    await this.#state.update(NAMES, [...new Set([...names, name])]);
  }
}

const KEPT =
  "It is kept in VS Code's secret storage, until the command Defog SQL: Forget Passwords.";

/** A password that somebody has typed before the server has asked for it. */
class Offer {
  readonly #taken = new Set<string>();
  readonly #password: string;

  constructor(password: string) {
    this.#password = password;
  }

  /** Once for each name: what is asked for again was refused. */
  take(name: string): string | undefined {
    if (this.#taken.has(name)) {
      return undefined;
    }
    this.#taken.add(name);
    return this.#password;
  }
}

function nameOf({ folder, connection, user, host }: Purpose): string {
  const uri = vscode.Uri.parse(folder).toString();
  return `defog.password:${JSON.stringify([uri, connection, user, host])}`;
}
