import * as path from "node:path";
import { environmentPython, isSupported, type Interpreter, type PythonCommand } from "./python";

/** A command that starts the server on its standard streams. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it was found, for the log and the tooltip. */
  readonly origin: string;
}

/** Everything the search looks at, so that it can be tested without an editor. */
export interface Surroundings {
  /** `defog.server.path`, or "". */
  readonly serverPath: string;
  /** `defog.python.path`, or "". */
  readonly pythonPath: string;
  /** Whether code that lies in the workspace may be run. */
  readonly isTrusted: boolean;
  /** Absolute paths of the open workspace folders. */
  readonly folders: readonly string[];
  readonly home: string;
  /** Names that a Python may have on the PATH. */
  readonly pythonNames: readonly PythonCommand[];
  /** The interpreter chosen in the Python extension. */
  selectedPython(): Promise<string | undefined>;
  which(command: string): Promise<string | undefined>;
  ask(python: PythonCommand): Promise<Interpreter | undefined>;
}

/** A setting names something that is not there. Its message says which and what to do. */
export class BadSetting extends Error {
  constructor(
    readonly setting: "defog.server.path" | "defog.python.path",
    problem: string,
  ) {
    super(problem);
  }
}

/**
 * The server that the user has installed or configured, the most explicit place first:
 * `defog.server.path`, `defog.python.path`, the Python extension's interpreter, a `.venv` in a
 * workspace folder, `defog-lsp` on the PATH. Undefined if there is none.
 *
 * What a workspace brings along (its `.venv`, its choice of interpreter) is not run before the
 * user trusts it. Throws BadSetting for a setting that leads nowhere: silently running another
 * server than the one asked for would be worse.
 */
export async function findServer(around: Surroundings): Promise<Launch | undefined> {
  if (around.serverPath !== "") {
    const named = expand(around.serverPath, around);
    const command = await around.which(named);
    if (command === undefined) {
      throw new BadSetting(
        "defog.server.path",
        `The setting defog.server.path names ${named}, which is not an executable file. ` +
          "Correct it, or empty it to let the extension find or install the server.",
      );
    }
    return { command, args: ["serve"], origin: "the setting defog.server.path" };
  }
  for await (const { python, origin } of installedPythons(around)) {
    const interpreter = await around.ask([python]);
    if (interpreter?.server !== undefined && isSupported(interpreter)) {
      // The path as it was named, not as Python resolved it: that is what makes a venv a venv.
      return launchModule(python, origin);
    }
  }
  const installed = await around.which("defog-lsp");
  return installed === undefined
    ? undefined
    : { command: installed, args: ["serve"], origin: "defog-lsp on the PATH" };
}

/** The best Python to build a private environment with; undefined if none is new enough. */
export async function findPython(around: Surroundings): Promise<Interpreter | undefined> {
  if (around.pythonPath !== "") {
    const named = expand(around.pythonPath, around);
    const interpreter = await around.ask([named]);
    if (interpreter === undefined || !isSupported(interpreter)) {
      throw new BadSetting(
        "defog.python.path",
        `The setting defog.python.path names ${named}, which is not a Python 3.11 or later. ` +
          "Correct it, or empty it to let the extension look for one.",
      );
    }
    return interpreter;
  }
  const selected = around.isTrusted ? await around.selectedPython() : undefined;
  const candidates: PythonCommand[] = selected === undefined ? [] : [[selected]];
  for (const candidate of [...candidates, ...around.pythonNames]) {
    const interpreter = await around.ask(candidate);
    if (interpreter !== undefined && isSupported(interpreter)) {
      return interpreter;
    }
  }
  return undefined;
}

/** The server as a module of a Python that has it. */
export function launchModule(python: string, origin: string): Launch {
  // -P keeps the working directory, the user's workspace, off the module search path: a file
  // there named like one of the server's modules must never be imported in its place.
  return { command: python, args: ["-P", "-m", "defog_lsp", "serve"], origin };
}

async function* installedPythons(
  around: Surroundings,
): AsyncGenerator<{ python: string; origin: string }> {
  if (around.pythonPath !== "") {
    yield { python: expand(around.pythonPath, around), origin: "the setting defog.python.path" };
  }
  if (!around.isTrusted) {
    return;
  }
  const selected = await around.selectedPython();
  if (selected !== undefined) {
    yield { python: selected, origin: "the interpreter of the Python extension" };
  }
  for (const folder of around.folders) {
    const python = await around.which(environmentPython(path.join(folder, ".venv")));
    if (python !== undefined) {
      yield { python, origin: `.venv of ${path.basename(folder)}` };
    }
  }
}

/** `~`, `${userHome}` and `${workspaceFolder}` as VS Code's own settings know them. */
export function expand(setting: string, around: Pick<Surroundings, "folders" | "home">): string {
  const folder = around.folders[0] ?? "";
  const replaced = setting
    .trim()
    .replace(/^~(?=$|[\\/])/, () => around.home)
    .replaceAll("${userHome}", () => around.home)
    .replaceAll("${workspaceFolder}", () => folder);
  const isPath = path.basename(replaced) !== replaced;
  return isPath && !path.isAbsolute(replaced) && folder !== ""
    ? path.join(folder, replaced)
    : replaced;
}
