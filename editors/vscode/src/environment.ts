import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { environmentPython, type Interpreter } from "./python";

/** How a step of the installation is reported and can be stopped. */
export interface Steps {
  report(message: string): void;
  /** Every line that the tools print, for the log. */
  log(line: string): void;
  readonly signal: AbortSignal;
}

/** The private environment could not be made. The message says what to do. */
export class InstallationFailed extends Error {}

/** The wheel of the server that lies in the extension; undefined in an unpackaged checkout. */
export async function bundledWheel(extensionFolder: string): Promise<string | undefined> {
  const folder = path.join(extensionFolder, "bundled");
  const names = await readdir(folder).catch(() => []);
  const wheel = names.filter((name) => name.endsWith(".whl")).sort().at(-1);
  return wheel === undefined ? undefined : path.join(folder, wheel);
}

/**
 * The Python of a private environment that has exactly the bundled server, made if needed.
 *
 * An environment lies in a folder named after the wheel's content and the Python's version, so an
 * upgraded extension, or another Python, gets a new one and a finished one is never changed. It is
 * built beside its place and renamed into it: a folder of that name is complete, whatever was
 * interrupted, and two windows that build at once do no harm to each other.
 */
export class PrivateEnvironment {
  readonly #storage: string;
  readonly #wheel: string;

  constructor(storage: string, wheel: string) {
    this.#storage = path.join(storage, "environments");
    this.#wheel = wheel;
  }

  /** The environment's Python if one was made from the bundled wheel before, whatever its version. */
  async existing(): Promise<string | undefined> {
    const stamp = await this.#stamp();
    const names = await readdir(this.#storage).catch(() => []);
    const finished = names.filter((name) => name.startsWith(stamp) && !name.endsWith(BUILDING));
    const name = finished.sort().at(-1);
    return name === undefined ? undefined : environmentPython(path.join(this.#storage, name));
  }

  /** Make the environment with *base* and return its Python. Throws InstallationFailed. */
  async make(base: Interpreter, steps: Steps): Promise<string> {
    const name = `${await this.#stamp()}-${base.version.join(".")}`;
    const place = path.join(this.#storage, name);
    const building = `${place}-${randomUUID()}${BUILDING}`;
    await mkdir(this.#storage, { recursive: true });
    try {
      steps.report(`creating an environment with Python ${base.version.join(".")}`);
      await run(base.executable, ["-m", "venv", building], steps, VENV_ADVICE);
      steps.report("installing the language server and what it needs");
      const install = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
      const python = environmentPython(building);
      await run(python, [...install, "--progress-bar", "off", this.#wheel], steps, PIP_ADVICE);
      await writeFile(path.join(building, "wheel.txt"), `${path.basename(this.#wheel)}\n`);
      await moveInto(building, place);
    } finally {
      await rm(building, { recursive: true, force: true, maxRetries: 5 });
    }
    return environmentPython(place);
  }

  /** Remove an environment that does not start, so that the next call of `make` builds it anew. */
  async discard(python: string): Promise<void> {
    const name = path.relative(this.#storage, python).split(path.sep)[0] ?? "";
    if (name !== "" && name !== "..") {
      await rm(path.join(this.#storage, name), { recursive: true, force: true });
    }
  }

  /**
   * Remove the environments of other wheels, and those that nobody goes on building. Best effort:
   * another window may still run one.
   */
  async removeOutdated(): Promise<void> {
    const stamp = await this.#stamp();
    for (const name of await readdir(this.#storage).catch(() => [])) {
      const place = path.join(this.#storage, name);
      if (name.endsWith(BUILDING) ? await isAbandoned(place) : !name.startsWith(stamp)) {
        await rm(place, { recursive: true, force: true }).catch(() => undefined);
      }
    }
  }

  /** The first characters of a folder's name: the content of the wheel. */
  async #stamp(): Promise<string> {
    return createHash("sha256").update(await readFile(this.#wheel)).digest("hex").slice(0, 16);
  }
}

const BUILDING = ".building";
const ABANDONED_MS = 60 * 60 * 1000;

const VENV_ADVICE =
  "Python's venv module does not work. On Debian and Ubuntu install the package python3-venv, " +
  "or set defog.python.path to another Python 3.11 or later.";
const PIP_ADVICE =
  "The language server's packages could not be installed: is this machine online, and is pip " +
  "configured for its network? You can also install defog-lsp yourself and set defog.server.path.";

async function isAbandoned(building: string): Promise<boolean> {
  const changed = await stat(building).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity, // it has just been finished
  );
  return Date.now() - changed > ABANDONED_MS;
}

async function moveInto(building: string, place: string): Promise<void> {
  try {
    await rename(building, place);
  } catch (error) {
    // Another window finished first: its environment has the same content.
    const names = await readdir(place).catch(() => []);
    if (names.length === 0) {
      throw error;
    }
  }
}

async function run(
  command: string,
  args: readonly string[],
  steps: Steps,
  advice: string,
): Promise<void> {
  steps.log(`> ${command} ${args.join(" ")}`);
  // A group of its own, since both tools start further processes, which must end with them.
  const isGroup = process.platform !== "win32";
  const child = spawn(command, args, { detached: isGroup, windowsHide: true });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(isGroup ? -child.pid : child.pid);
    }
  };
  let last = "";
  const listen = (line: string): void => {
    steps.log(line);
    last = line.trim() || last;
  };
  createInterface({ input: child.stdout }).on("line", listen);
  createInterface({ input: child.stderr }).on("line", listen);
  steps.signal.addEventListener("abort", stop);
  const problem = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => {
      resolve(error.message);
    });
    child.on("close", (status) => {
      resolve(status === 0 ? undefined : last);
    });
    if (steps.signal.aborted) {
      stop();
    }
  });
  steps.signal.removeEventListener("abort", stop);
  if (steps.signal.aborted) {
    throw new InstallationFailed("The installation of the language server was cancelled.");
  }
  if (problem !== undefined) {
    throw new InstallationFailed(`${advice} (${problem})`);
  }
}
