import * as os from "node:os";
import * as vscode from "vscode";
import { askPython, pythonsOnPath, which } from "./python";
import type { Surroundings } from "./locate";

/** What the search for a server may look at in this window. */
export function surroundings(extensionFolder: string): Surroundings {
  const settings = vscode.workspace.getConfiguration("defog");
  return {
    serverPath: settings.get("server.path", "").trim(),
    pythonPath: settings.get("python.path", "").trim(),
    isTrusted: vscode.workspace.isTrusted,
    folders: (vscode.workspace.workspaceFolders ?? [])
      .filter((folder) => folder.uri.scheme === "file")
      .map((folder) => folder.uri.fsPath),
    home: os.homedir(),
    pythonNames: pythonsOnPath(process.platform),
    selectedPython,
    which,
    ask: (python) => askPython(python, extensionFolder),
  };
}

/** The part that we use of what the Python extension exports. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<Partial<PythonApi>>("ms-python.python");
  try {
    const api = await extension?.activate();
    return api?.environments === undefined ? undefined : { environments: api.environments };
  } catch {
    return undefined; // what keeps it from starting is its own affair
  }
}

async function selectedPython(): Promise<string | undefined> {
  const api = await pythonApi();
  if (api === undefined) {
    return undefined;
  }
  const chosen = api.environments.getActiveEnvironmentPath();
  const resolved = await api.environments.resolveEnvironment(chosen);
  return resolved?.executable.uri?.fsPath;
}

/** Call *changed* when another interpreter is chosen in the Python extension, if it is there. */
export async function watchSelectedPython(
  changed: () => void,
): Promise<vscode.Disposable | undefined> {
  const api = await pythonApi();
  return api?.environments.onDidChangeActiveEnvironmentPath(changed);
}
