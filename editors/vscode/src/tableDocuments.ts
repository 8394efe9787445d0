import * as vscode from "vscode";
import type { Server } from "./server";

/** The scheme of read-only documents about tables of databases. */
export const SCHEME = "defog";

/** Shows what creates a table, with its descriptions, where a definition leads into a database. */
export class TableDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #server: Server;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(server: Server) {
    this.#server = server;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const params = { uri: uri.toString(true) };
    const method = "workspace/textDocumentContent";
    return (await this.#server.request<{ text: string }>(method, params)).text;
  }

  /** The metadata are new: so may be what is shown of them. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME) {
        this.#changed.fire(uri);
      }
    }
  }
}
