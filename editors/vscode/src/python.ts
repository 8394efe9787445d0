import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import * as path from "node:path";

/** The oldest Python that the server runs on: major, minor. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 11];

/** What one Python interpreter said of itself. */
export interface Interpreter {
  /** Absolute path, as the interpreter itself reports it. */
  readonly executable: string;
  readonly version: readonly [number, number, number];
  /** Version of the `defog-lsp` installed beside it, if any. */
  readonly server: string | undefined;
}

export function isSupported(interpreter: Interpreter): boolean {
  const [major, minor] = interpreter.version;
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/** How a command line names a Python: `py -3` on Windows has an argument. */
export type PythonCommand = readonly [command: string, ...args: string[]];

/** Names to try on the PATH: the user's default first, then others in case it is too old. */
export function pythonsOnPath(platform: NodeJS.Platform): readonly PythonCommand[] {
  const named: PythonCommand[] = [14, 13, 12, 11].map((minor) => [`python3.${minor}`]);
  return platform === "win32"
    ? [["py", "-3"], ["python"], ["python3"]]
    : [["python3"], ["python"], ...named];
}

// One run answers both questions: how old the interpreter is and whether it has the server.
// It must work on every Python 3, and even on 2, to be able to say "too old".
const QUESTION = `
import json, sys
server = None
try:
    from importlib import metadata, util
    if util.find_spec("defog_lsp") is not None:
        server = metadata.version("defog-lsp")
except Exception:
    pass
print(json.dumps([sys.executable, list(sys.version_info[:3]), server]))
`;

/**
 * Ask a Python what it is; undefined where there is none or it does not answer in 15 seconds.
 *
 * *folder* becomes the working directory. Python looks for modules there first, so it must be a
 * folder of ours and never the user's workspace, whose files could be named like a module.
 */
export async function askPython(
  [command, ...args]: PythonCommand,
  folder: string,
): Promise<Interpreter | undefined> {
  const answer = await new Promise<string>((resolve) => {
    execFile(
      command,
      [...args, "-c", QUESTION],
      { cwd: folder, timeout: 15_000, windowsHide: true },
      (error, stdout) => {
        resolve(error ? "" : stdout);
      },
    );
  });
  return readAnswer(answer);
}

function readAnswer(answer: string): Interpreter | undefined {
  try {
    const [executable, version, server] = JSON.parse(answer) as [
      string,
      [number, number, number],
      string | null,
    ];
    return executable ? { executable, version, server: server ?? undefined } : undefined;
  } catch {
    // Something printed by a wrapper that is not a Python: as good as no Python.
    return undefined;
  }
}

/** The interpreter inside a virtual environment. */
export function environmentPython(environment: string): string {
  return process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}

/** Absolute path of a command as a shell would find it; a path is checked, a name looked up. */
export async function which(command: string): Promise<string | undefined> {
  const names =
    process.platform === "win32" && path.extname(command) === ""
      ? [`${command}.exe`, `${command}.cmd`, command]
      : [command];
  const folders =
    path.basename(command) === command
      ? (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder))
      : [""];
  for (const folder of folders) {
    for (const name of names) {
      const candidate = path.join(folder, name);
      if (await isExecutable(candidate)) {
        return candidate;
      }
    }
  }
  return undefined;
}

async function isExecutable(candidate: string): Promise<boolean> {
  try {
    await access(candidate, constants.X_OK);
    return (await stat(candidate)).isFile();
  } catch {
    return false;
  }
}
