import * as vscode from "vscode";
import { markdown, page, type HealthReport, type Place } from "./health";
import type { Server } from "./server";

/** Links of the page are commands; it runs no script. */
const LINKED = [
  "defog.openPlace",
  "defog.checkHealthPage",
  "defog.copyHealth",
  "defog.openConfiguration",
];
const PAUSE_MS = 500;
/** Checking again reads all of the metadata: of large ones it is left to the person. */
const MOST_TABLES = 5_000;

/** The health of the metadata as a page: one for the window, kept as the files and databases are. */
export class HealthPage implements vscode.Disposable {
  readonly #server: Server;
  readonly #icon: vscode.Uri;
  #panel: vscode.WebviewPanel | undefined;
  #shown = "";
  #isLarge = false;
  /** Whether something has changed while the page could not be seen. */
  #isOutdated = false;
  #pause: NodeJS.Timeout | undefined;
  readonly #saving: vscode.Disposable;

  constructor(server: Server, extension: vscode.Uri) {
    this.#server = server;
    this.#icon = vscode.Uri.joinPath(extension, "icon.png");
    this.#saving = vscode.workspace.onDidSaveTextDocument(({ languageId }) => {
      if (languageId !== "sql") {
        this.changed();
      }
    });
  }

  async show(): Promise<void> {
    const reports = await this.#reports();
    const panel = (this.#panel ??= this.#open());
    this.#fill(panel, reports);
    panel.reveal(undefined, true);
  }

  /** Put the report on the clipboard. */
  async copy(): Promise<void> {
    await vscode.env.clipboard.writeText(markdown(await this.#reports()));
    void vscode.window.showInformationMessage("The report is on the clipboard, as Markdown.");
  }

  /** The metadata, or files about them, may be others by now: the page follows. */
  changed(): void {
    if (this.#panel === undefined || this.#isLarge) {
      return;
    }
    this.#isOutdated = true;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#follow(), PAUSE_MS);
  }

  dispose(): void {
    this.#saving.dispose();
    this.#panel?.dispose();
  }

  async #follow(): Promise<void> {
    if (this.#panel?.visible !== true || !this.#isOutdated) {
      return;
    }
    this.#isOutdated = false;
    // Without a server the page stays as it is: the status bar tells why.
    const reports = await this.#reports().catch(() => undefined);
    if (reports !== undefined) {
      this.#fill(this.#panel, reports);
    }
  }

  async #reports(): Promise<HealthReport[]> {
    return await this.#server.execute<HealthReport[]>("defog.checkHealth");
  }

  #fill(panel: vscode.WebviewPanel, reports: readonly HealthReport[]): void {
    this.#isLarge = reports.some(({ tables }) => tables > MOST_TABLES);
    const html = page(reports, panel.webview.cspSource);
    // Setting it again would scroll to the top and close what was opened.
    if (html !== this.#shown) {
      panel.webview.html = html;
      this.#shown = html;
    }
  }

  #open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      "defog.health",
      "Metadata Health",
      vscode.ViewColumn.Active,
      { enableCommandUris: LINKED, enableFindWidget: true },
    );
    panel.iconPath = this.#icon;
    panel.onDidChangeViewState(() => void this.#follow());
    panel.onDidDispose(() => {
      clearTimeout(this.#pause);
      this.#panel = undefined;
      this.#shown = "";
    });
    return panel;
  }
}

/** Show a place that the page links to. */
export async function openPlace(uri: string, start: Place, end: Place): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), { selection });
}
