import * as vscode from "vscode";
import { State } from "vscode-languageclient/node";
import { DefogClient, type Closed, type Streams } from "./client";
import { answerQuestions } from "./dialogue";
import { NoServer, resolveServer } from "./installation";
import type { Launch } from "./locate";
import { messageOf, show, type Action } from "./messages";
import { ServerProcess } from "./process";
import type { Secrets } from "./secrets";
import type { FolderStatus, ServerState } from "./status";
import { traceChannel } from "./traceChannel";

/** Where the server's states go. */
export interface Audience {
  server: ServerState;
  update(status: FolderStatus): void;
}

/** One language server for the window: started, stopped and restarted, one step at a time. */
export class Server {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #audience: Audience;
  readonly #secrets: Secrets;
  #client: DefogClient | undefined;
  #process: ServerProcess | undefined;
  readonly #stopping = new AbortController();
  /** Of the last start: it may be installing a server that nobody wants any more. */
  #starting = new AbortController();
  /** The last step that was asked for: the next one waits for it. */
  #queue: Promise<void> = Promise.resolve();
  /** Ends once the last server that was started runs, or has failed to. */
  #launch: Promise<void> = Promise.resolve();

  constructor(
    context: vscode.ExtensionContext,
    log: vscode.LogOutputChannel,
    audience: Audience,
    secrets: Secrets,
  ) {
    this.#context = context;
    this.#log = log;
    this.#audience = audience;
    this.#secrets = secrets;
  }

  /** Start the server, or end it and start another, found anew. Failures are shown, not thrown. */
  restart(): Promise<void> {
    this.#starting.abort();
    return this.#next(async () => {
      await this.#end();
      await this.#start();
    });
  }

  /** End the server for good, or the installation that goes before it. */
  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#next(() => this.#end());
  }

  /** Ask the server to execute one of its commands, as `request` does, once it has started. */
  async execute<Answer>(
    command: string,
    args: readonly unknown[] = [],
    token?: vscode.CancellationToken,
  ): Promise<Answer> {
    await this.#started(token);
    const params = { command, arguments: args };
    return await this.request<Answer>("workspace/executeCommand", params, token);
  }

  /** What the server answers. Rejects with its error, when it does not run, or by *token*. */
  async request<Answer>(
    method: string,
    params: object,
    token?: vscode.CancellationToken,
  ): Promise<Answer> {
    if (this.#client?.isRunning() !== true) {
      throw new Error("The Defog language server does not run.");
    }
    // It would send an undefined token as another parameter.
    return token === undefined
      ? await this.#client.sendRequest<Answer>(method, params)
      : await this.#client.sendRequest<Answer>(method, params, token);
  }

  /** Wait for what is being started or installed, unless *token* says that nobody does. */
  async #started(token: vscode.CancellationToken | undefined): Promise<void> {
    const started = this.#queue.then(() => this.#launch);
    const left = new Promise<void>((_, reject) => {
      token?.onCancellationRequested(() => {
        reject(new vscode.CancellationError());
      });
    });
    await Promise.race([started, left]);
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(step);
    return this.#queue;
  }

  async #start(): Promise<void> {
    this.#audience.server = { kind: "starting" };
    this.#starting = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, this.#starting.signal]);
    try {
      const launch = await resolveServer(this.#context, this.#log, signal);
      if (signal.aborted) {
        return;
      }
      this.#log.info(`starting ${[launch.command, ...launch.args].join(" ")} (${launch.origin})`);
      const client = this.#connect(launch);
      this.#client = client;
      // Not awaited: a server that never answers must not keep the next step from ending it.
      this.#launch = client.start().catch((error: unknown) => {
        void this.#startFailed(client, messageOf(error));
      });
    } catch (error) {
      if (signal.aborted) {
        return; // another start follows, or none is wanted
      }
      this.#fail(messageOf(error), error instanceof NoServer ? error.actions : []);
    }
  }

  async #end(): Promise<void> {
    const client = this.#client;
    const process = this.#process;
    // From here on, what they still report is of no interest.
    this.#client = undefined;
    this.#process = undefined;
    if (client?.isRunning() === true) {
      await client.stop().catch((error: unknown) => {
        this.#log.warn("the language server did not stop when asked to", error);
      });
      await process?.end();
    } else {
      process?.kill();
    }
    await client?.dispose().catch(() => undefined);
    this.#audience.server = { kind: "stopped" };
  }

  #connect(launch: Launch): DefogClient {
    const connect = async (): Promise<Streams> => {
      const started = await ServerProcess.start(launch, (line) => {
        this.#log.info(line);
      });
      if (client === this.#client) {
        this.#process = started;
      } else {
        // Stopped meanwhile.
        started.kill();
      }
      return { reader: started.child.stdout, writer: started.child.stdin };
    };
    const trace = traceChannel(this.#log, (text) => this.#secrets.hiddenIn(text));
    const client: DefogClient = new DefogClient(connect, this.#log, trace, (closed) => {
      if (client === this.#client) {
        void (closed.hadStarted ? this.#crashed(closed) : this.#startFailed(client, "no connection"));
      }
    });
    answerQuestions(client, this.#secrets);
    client.onNotification("defog/status", (status: FolderStatus) => {
      this.#audience.update(status);
    });
    client.onDidChangeState(({ newState }) => {
      // The client also restarts a server that crashed, by itself.
      if (client === this.#client && newState === State.Running) {
        const info = client.initializeResult?.serverInfo;
        const name = [info?.name ?? "defog-lsp", info?.version].filter(Boolean).join(" ");
        this.#audience.server = { kind: "running", name, origin: launch.origin };
      }
    });
    return client;
  }

  /** It may become known in several ways that a server could not be started: one is reported. */
  async #startFailed(client: DefogClient, reason: string): Promise<void> {
    if (client !== this.#client || client.hasFailed) {
      return;
    }
    client.hasFailed = true;
    const process = this.#process;
    // That it has ended, and its last words, say more than the connection that broke.
    const problem =
      process !== undefined && (await process.end())
        ? `ended with ${process.ended ?? "no status"} while it was starting. ${process.lastWords}`
        : `could not be started: ${reason}`;
    this.#fail(`The Defog language server ${problem.trim()}`, [this.#restartAction]);
  }

  /** A server that was running has ended; the client restarts it, unless that came too often. */
  async #crashed({ restarts }: Closed): Promise<void> {
    const process = this.#process;
    if (restarts) {
      this.#audience.server = { kind: "starting" };
    }
    await process?.end();
    const ended = `The Defog language server ended with ${process?.ended ?? "no status"}`;
    if (restarts) {
      this.#log.error(`${ended} and is restarted.`);
    } else {
      this.#fail(`${ended}, too often in a short time.`, [this.#restartAction]);
    }
  }

  get #restartAction(): Action {
    return { title: "Restart", run: () => this.restart() };
  }

  #fail(problem: string, actions: readonly Action[] = []): void {
    this.#log.error(problem);
    this.#audience.server = { kind: "failed", problem };
    const showOutput = { title: "Show Output", run: () => { this.#log.show(); } };
    void show("error", problem, [...actions, showOutput]);
  }
}
