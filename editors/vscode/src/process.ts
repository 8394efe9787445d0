import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import type { Launch } from "./locate";

/** How long a server that was asked to end may take. */
const PATIENCE_MS = 2_000;

/** A running server process. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
  }

  /**
   * Start it; *hear* gets each line of its standard error. Rejects if it cannot be started.
   *
   * It runs in the home folder: the extension's own could not be removed on Windows meanwhile, and
   * a workspace's may hold anything.
   */
  static async start(
    launch: Launch,
    hear: (line: string) => void,
  ): Promise<ServerProcess> {
    const child = spawn(launch.command, launch.args, { cwd: homedir(), windowsHide: true });
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      lines.filter((line) => line !== "").forEach(hear);
    });
    child.stderr.on("end", () => {
      if (rest !== "") {
        hear(rest);
      }
    });
    await once(child, "spawn");
    return new ServerProcess(child);
  }

  /** "status 1" or "signal SIGKILL"; undefined while it runs. */
  get ended(): string | undefined {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null) {
      return `status ${exitCode}`;
    }
    return signalCode === null ? undefined : `signal ${signalCode}`;
  }

  /** Wait for it to end by itself, then make it. */
  async end(): Promise<void> {
    if (this.ended === undefined) {
      const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE_MS);
      await once(this.child, "exit");
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
