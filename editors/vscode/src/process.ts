import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Launch } from "./locate";

/** How long a server that was asked to end may take. */
const PATIENCE_MS = 2_000;
/** How long its output may stay open after it has ended, held by a process that it has started. */
const LAST_WORDS_MS = 1_000;

/** A running server process. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** The last line of its standard error, which says why when it ends too early. */
  lastWords = "";
  readonly #closed: Promise<unknown>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.#closed = new Promise((resolve) => child.once("close", resolve));
  }

  /**
   * Start it; *hear* gets each line of its standard error. Rejects if it cannot be started.
   *
   * It runs in the home folder: the extension's own could not be removed on Windows meanwhile, and
   * a workspace's may hold anything.
   */
  static async start(launch: Launch, hear: (line: string) => void): Promise<ServerProcess> {
    const child = spawn(launch.command, launch.args, { cwd: homedir(), windowsHide: true });
    const server = new ServerProcess(child);
    createInterface({ input: child.stderr }).on("line", (line) => {
      server.lastWords = line.trim() || server.lastWords;
      hear(line);
    });
    await once(child, "spawn");
    return server;
  }

  /** "status 1" or "signal SIGKILL"; undefined while it runs. */
  get ended(): string | undefined {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null) {
      return `status ${exitCode}`;
    }
    return signalCode === null ? undefined : `signal ${signalCode}`;
  }

  /** Wait for it to end, and for its last words; make it if it does not. Whether it did so itself. */
  async end(): Promise<boolean> {
    let byItself = true;
    if (this.ended === undefined) {
      const timer = setTimeout(() => {
        byItself = false;
        this.kill();
      }, PATIENCE_MS);
      await once(this.child, "exit");
      clearTimeout(timer);
    }
    // It may have ended before what it said has been read.
    const patience = new AbortController();
    await Promise.race([
      this.#closed,
      delay(LAST_WORDS_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    return byItself;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
