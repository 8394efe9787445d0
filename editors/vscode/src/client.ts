import * as vscode from "vscode";
import {
  CloseAction,
  LanguageClient,
  type ErrorHandler,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

/** How a connection to a server ended without being asked to. */
export interface Closed {
  /** Whether the server will be started again; not if it ended too often, or never ran. */
  readonly restarts: boolean;
  readonly hadStarted: boolean;
}

/** What a server says and what it is told. */
export interface Streams {
  readonly reader: NodeJS.ReadableStream;
  readonly writer: NodeJS.WritableStream;
}

/** The language client as this extension needs it: our log, our settings, our way to fail. */
export class DefogClient extends LanguageClient {
  /** Whether it was reported that it could not start. */
  hasFailed = false;
  readonly #log: vscode.LogOutputChannel;

  constructor(
    connect: () => Promise<Streams>,
    log: vscode.LogOutputChannel,
    trace: vscode.OutputChannel,
    onClosed: (closed: Closed) => void,
  ) {
    const options: LanguageClientOptions = {
      documentSelector: [
        { scheme: "file", language: "sql" },
        { scheme: "untitled", language: "sql" },
        { notebook: "*", language: "sql" },
        // The configuration has diagnostics of its own.
        { scheme: "file", pattern: "**/defog.toml" },
        // Where a defog.toml names them: golden queries, glossaries and metadata. The server looks
        // at no others.
        { scheme: "file", pattern: "**/*.{json,csv,yaml,yml,md,markdown,txt}" },
      ],
      outputChannel: log,
      traceOutputChannel: trace,
      // Its defog.toml may name any host and any secret of the environment: the server asks no
      // database before the user trusts the workspace, upon which it is started again.
      initializationOptions: () => ({ trusted: vscode.workspace.isTrusted }),
      // Whoever starts the client shows the failure.
      initializationFailedHandler: () => false,
    };
    super("defog", "Defog SQL", connect, options);
    this.#log = log;
    this.clientOptions.errorHandler = this.#handleErrors(onClosed);
  }

  // What the client and the server log is written with its level, by which the channel filters,
  // and never pops up: see Closed for what the user has to know.

  override debug(message: string, data?: unknown): void {
    this.#log.debug(message, ...given(data));
  }

  override info(message: string, data?: unknown): void {
    this.#log.info(message, ...given(data));
  }

  override warn(message: string, data?: unknown): void {
    this.#log.warn(message, ...given(data));
  }

  override error(message: string, data?: unknown): void {
    this.#log.error(message, ...given(data));
  }

  #handleErrors(onClosed: (closed: Closed) => void): ErrorHandler {
    const usual = this.createDefaultErrorHandler();
    return {
      error: (error, message, count) => usual.error(error, message, count),
      closed: async () => {
        const hadStarted = this.isRunning();
        // A server that ends while it starts would do so again.
        const { action } = hadStarted
          ? await usual.closed()
          : { action: CloseAction.DoNotRestart };
        onClosed({ restarts: action === CloseAction.Restart, hadStarted });
        return { action, handled: true };
      },
    };
  }
}

function given(data: unknown): unknown[] {
  return data === undefined || data === null ? [] : [data];
}
