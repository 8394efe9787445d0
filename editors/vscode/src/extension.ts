import * as vscode from "vscode";
import { Server } from "./server";
import { registerCommands } from "./commands";
import { registerSetUp } from "./firstRun";
import { HealthPage } from "./healthPage";
import { Secrets } from "./secrets";
import { offerSetUp } from "./setUpOffer";
import type { StatusView } from "./status";
import { StatusBar } from "./statusBar";
import { MetadataTree } from "./metadataTree";
import { SCHEME, TableDocuments } from "./tableDocuments";
import { watchSelectedPython } from "./surroundings";

/** What other extensions, and our tests, can ask of this one. */
export interface DefogApi {
  /** What the status bar shows now. */
  status(): StatusView | undefined;
}

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): DefogApi {
  const log = vscode.window.createOutputChannel("Defog SQL", { log: true });
  const status = new StatusBar();
  const secrets = new Secrets(context);
  const started = new Server(context, log, status, secrets);
  server = started;
  const restart = (): void => {
    void started.restart();
  };
  const tree = new MetadataTree(started);
  const documents = new TableDocuments(started);
  const health = new HealthPage(started, context.extensionUri);
  status.onDidChange(() => {
    tree.refresh();
    documents.refresh();
    health.changed();
  });
  context.subscriptions.push(
    log,
    status,
    tree,
    documents,
    health,
    ...registerCommands(started, log, tree, health),
    ...registerSetUp(started, secrets),
    offerSetUp(context, status),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, documents),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (RESTARTING_SETTINGS.some((setting) => change.affectsConfiguration(setting))) {
        restart();
      }
    }),
    // Only now may a .venv of the workspace be run.
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  // Not awaited: activation would wait for an installation that may take a minute.
  restart();
  void watchSelectedPython(restart).then((watching) => {
    if (watching !== undefined) {
      context.subscriptions.push(watching);
    }
  });
  return { status: () => status.view };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

const RESTARTING_SETTINGS = ["defog.server.path", "defog.python.path"];
