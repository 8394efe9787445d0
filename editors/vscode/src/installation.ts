import * as vscode from "vscode";
import { bundledWheel, InstallationFailed, PrivateEnvironment, type Steps } from "./environment";
import {
  BadSetting,
  findPython,
  findServer,
  launchModule,
  type Launch,
  type Surroundings,
} from "./locate";
import type { Action } from "./messages";
import { surroundings } from "./surroundings";

/** There is no server to start. The message says why and what to do about it. */
export class NoServer extends Error {
  constructor(
    message: string,
    readonly actions: readonly Action[],
  ) {
    super(message);
  }
}

/**
 * The command that starts the server: one that is there, else one installed for this extension.
 * Throws NoServer, also when *signal* ends an installation.
 */
export async function resolveServer(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  signal: AbortSignal,
): Promise<Launch> {
  const around = surroundings(context.extensionPath);
  try {
    const found = await findServer(around);
    return found ?? (await privateServer(context, log, around, signal));
  } catch (error) {
    if (error instanceof BadSetting) {
      throw new NoServer(error.message, [openSetting(error.setting)]);
    }
    if (error instanceof InstallationFailed) {
      throw new NoServer(error.message, [RESTART, openSetting("defog.server.path")]);
    }
    throw error;
  }
}

async function privateServer(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Launch> {
  const wheel = await bundledWheel(context.extensionPath);
  if (wheel === undefined) {
    throw new NoServer(
      "No Defog language server was found, and this build of the extension contains none. " +
        "Install defog-lsp and set defog.server.path to it.",
      [openSetting("defog.server.path")],
    );
  }
  const environment = new PrivateEnvironment(context.globalStorageUri.fsPath, wheel);
  const origin = "the extension's own environment";
  const existing = await environment.existing();
  if (existing !== undefined) {
    const interpreter = await around.ask([existing]);
    if (interpreter?.server !== undefined) {
      return launchModule(existing, origin);
    }
    // Its base Python was removed or upgraded in place.
    log.warn(`${existing} no longer works and is made anew`);
    await environment.discard(existing);
  }
  const base = await findPython(around);
  if (base === undefined) {
    throw new NoServer(
      "Defog SQL needs Python 3.11 or later, and none was found on this machine.",
      [SELECT_PYTHON, GET_PYTHON, RESTART],
    );
  }
  const python = await withProgress(log, signal, (steps) => environment.make(base, steps));
  await environment.removeOutdated();
  return launchModule(python, origin);
}

async function withProgress(
  log: vscode.LogOutputChannel,
  signal: AbortSignal,
  work: (steps: Steps) => Promise<string>,
): Promise<string> {
  return await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: "Defog SQL: setting up the language server",
      cancellable: true,
    },
    async (progress, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await work({
          report: (message) => {
            progress.report({ message });
          },
          log: (line) => {
            log.info(line);
          },
          signal: AbortSignal.any([signal, abort.signal]),
        });
      } finally {
        listening.dispose();
      }
    },
  );
}

const RESTART: Action = {
  title: "Try Again",
  run: () => vscode.commands.executeCommand("defog.restartServer"),
};

const GET_PYTHON: Action = {
  title: "Get Python",
  run: () => vscode.env.openExternal(vscode.Uri.parse("https://www.python.org/downloads/")),
};

const SELECT_PYTHON: Action = {
  title: "Select Python…",
  run: async () => {
    const chosen = await vscode.window.showOpenDialog({
      title: "Python 3.11 or later",
      openLabel: "Use for Defog SQL",
      canSelectMany: false,
    });
    if (chosen?.[0] !== undefined) {
      // The change of the setting restarts the server.
      await vscode.workspace
        .getConfiguration("defog")
        .update("python.path", chosen[0].fsPath, vscode.ConfigurationTarget.Global);
    }
  },
};

function openSetting(name: string): Action {
  return {
    title: "Open Settings",
    run: () => vscode.commands.executeCommand("workbench.action.openSettings", name),
  };
}
