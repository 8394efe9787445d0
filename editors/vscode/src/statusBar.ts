import * as vscode from "vscode";
import {
  describe,
  isBusy,
  LINKED,
  type FolderStatus,
  type KnownStatus,
  type ServerState,
  type StatusView,
} from "./status";

const MINUTE_MS = 60_000;

/**
 * The server's state and that of the active editor's folder: in the status bar, and among what
 * VS Code shows of a language.
 */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    "defog.status",
    vscode.StatusBarAlignment.Right,
    100,
  );
  readonly #ofLanguage = vscode.languages.createLanguageStatusItem("defog.language", [
    { language: "sql" },
    { pattern: "**/defog.toml" },
  ]);
  /** By the folder's URI and then by connection, the one that was reported last at the end. */
  readonly #folders = new Map<string, Map<string | null, KnownStatus>>();
  readonly #subscriptions: { dispose(): unknown }[];
  readonly #changed = new vscode.EventEmitter<undefined>();
  /** Fires when there is another server, or the metadata of a connection may be others. */
  readonly onDidChange = this.#changed.event;
  #server: ServerState = { kind: "starting" };
  #view: StatusView | undefined;

  constructor() {
    this.#item.name = "Defog SQL";
    this.#item.command = "defog.showMenu";
    this.#ofLanguage.name = "Defog SQL";
    this.#ofLanguage.command = { command: "defog.showMenu", title: "Show Menu" };
    // The age of the metadata grows while nothing happens.
    const clock = setInterval(() => {
      this.#render();
    }, MINUTE_MS);
    this.#subscriptions = [
      this.#item,
      this.#ofLanguage,
      this.#changed,
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

  /** Whether the server has said that there is neither a connection nor a table for *uri*. */
  knowsNothingAround(uri: vscode.Uri): boolean {
    const known = this.#around(uri);
    return (
      known.length > 0 &&
      known.every(({ status }) => status.state === "none" && status.connection === null)
    );
  }

  set server(state: ServerState) {
    this.#server = state;
    if (state.kind !== "running") {
      this.#folders.clear();
    }
    this.#render();
    this.#changed.fire(undefined);
  }

  /** Take what the server says of a folder and one of its connections. */
  update(status: FolderStatus): void {
    const key = vscode.Uri.parse(status.folder).toString();
    const connections = this.#folders.get(key) ?? new Map<string | null, KnownStatus>();
    const before = connections.get(status.connection)?.status;
    connections.delete(status.connection);
    connections.set(status.connection, { status, arrived: Date.now() });
    this.#folders.set(key, connections);
    this.#render();
    // How far reading has come is nothing that a list of tables depends on.
    if (!isBusy(status) || before?.tables !== status.tables) {
      this.#changed.fire(undefined);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  #render(): void {
    const view = describe(this.#server, this.#shown(), Date.now());
    this.#view = view;
    this.#item.text = view.text;
    const tooltip = new vscode.MarkdownString(view.tooltip, true);
    tooltip.isTrusted = { enabledCommands: LINKED };
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `Defog SQL: ${withoutIcons(view.text)}` };
    this.#item.backgroundColor =
      view.severity === "normal"
        ? undefined
        : new vscode.ThemeColor(`statusBarItem.${view.severity}Background`);
    this.#ofLanguage.text = withoutIcons(view.text);
    this.#ofLanguage.busy = view.isBusy;
    this.#ofLanguage.severity = SEVERITIES[view.severity];
    void vscode.commands.executeCommand("setContext", "defog.hasTables", view.hasTables);
  }

  /** Of the innermost folder that the active editor's file lies in, else of the first. */
  #shown(): readonly KnownStatus[] {
    const active = vscode.window.activeTextEditor?.document.uri;
    const around = active === undefined ? [] : this.#around(active);
    const known = around.length > 0 ? around : [...([...this.#folders.values()][0]?.values() ?? [])];
    return [...known].reverse();
  }

  /** Of the innermost folder that *uri* lies in. */
  #around(uri: vscode.Uri): readonly KnownStatus[] {
    const path = uri.toString();
    const [key] = [...this.#folders.keys()]
      .filter((folder) => path.startsWith(folder.endsWith("/") ? folder : `${folder}/`))
      .sort((one, other) => other.length - one.length);
    return key === undefined ? [] : [...(this.#folders.get(key)?.values() ?? [])];
  }
}

const SEVERITIES = {
  normal: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

function withoutIcons(text: string): string {
  return text.replace(/\$\([\w~-]+\) ?/g, "");
}
