import * as vscode from "vscode";
import { describe, type FolderStatus, type ServerState, type StatusView } from "./status";

const MINUTE_MS = 60_000;

/** The item in the status bar: the server's state and that of the active editor's folder. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    "defog.status",
    vscode.StatusBarAlignment.Right,
    100,
  );
  readonly #folders = new Map<string, { status: FolderStatus; arrived: number }>();
  readonly #subscriptions: { dispose(): unknown }[];
  #server: ServerState = { kind: "starting" };
  #view: StatusView | undefined;

  constructor() {
    this.#item.name = "Defog SQL";
    this.#item.command = "defog.showMenu";
    // The age of the metadata grows while nothing happens.
    const clock = setInterval(() => {
      this.#render();
    }, MINUTE_MS);
    this.#subscriptions = [
      this.#item,
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#render();
      }),
      new vscode.Disposable(() => {
        clearInterval(clock);
      }),
    ];
    this.#render();
    this.#item.show();
  }

  /** What is shown now. */
  get view(): StatusView | undefined {
    return this.#view;
  }

  set server(state: ServerState) {
    this.#server = state;
    if (state.kind !== "running") {
      this.#folders.clear();
    }
    this.#render();
  }

  /** Take what the server says of a folder. */
  update(status: FolderStatus): void {
    const key = vscode.Uri.parse(status.folder).toString();
    // Inserted anew, so that the latest is the last.
    this.#folders.delete(key);
    this.#folders.set(key, { status, arrived: Date.now() });
    this.#render();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #render(): void {
    const shown = this.#shown();
    const since = shown === undefined ? 0 : Date.now() - shown.arrived;
    const view = describe(this.#server, shown?.status, since);
    this.#view = view;
    this.#item.text = view.text;
    this.#item.tooltip = new vscode.MarkdownString(view.tooltip);
    this.#item.backgroundColor =
      view.severity === "normal"
        ? undefined
        : new vscode.ThemeColor(`statusBarItem.${view.severity}Background`);
  }

  /** The status of the active editor's folder, else the one that changed last. */
  #shown(): { status: FolderStatus; arrived: number } | undefined {
    const active = vscode.window.activeTextEditor?.document.uri;
    const folder = active && vscode.workspace.getWorkspaceFolder(active);
    const ofFolder = folder && this.#folders.get(folder.uri.toString());
    return ofFolder ?? [...this.#folders.values()].at(-1);
  }
}
