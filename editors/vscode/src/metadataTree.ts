import * as vscode from "vscode";
import type { Server } from "./server";

/** A node of the tree, as the server's `defog/tree` has it. */
export interface MetadataNode {
  readonly name: string;
  readonly kind: string;
  readonly uri: string;
  readonly detail: string;
  readonly description: string;
  readonly hasChildren: boolean;
  /** The key of the table that it is, or is a column of. */
  readonly table: string;
}

const ICONS: Readonly<Record<string, string>> = {
  connection: "database",
  schema: "symbol-namespace",
  table: "table",
  view: "eye",
  "materialized view": "eye",
  "foreign table": "link-external",
  column: "symbol-field",
  more: "ellipsis",
};

/** Connections, their schemas, tables and columns, each asked for when its parent is opened. */
export class MetadataTree implements vscode.TreeDataProvider<MetadataNode> {
  readonly #server: Server;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(server: Server) {
    this.#server = server;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: MetadataNode): Promise<MetadataNode[]> {
    try {
      const params = node === undefined ? {} : { uri: node.uri };
      return await this.#server.request<MetadataNode[]>("defog/tree", params);
    } catch {
      return []; // the status bar says that there is no server
    }
  }

  getTreeItem(node: MetadataNode): vscode.TreeItem {
    const isMore = node.kind === "more";
    const item = new vscode.TreeItem(
      isMore ? "More…" : node.name,
      node.hasChildren
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.None,
    );
    item.id = node.uri;
    item.description = [node.detail, node.description].filter(Boolean).join(" · ");
    item.tooltip = [node.name, node.detail, node.description].filter(Boolean).join("\n");
    item.iconPath = new vscode.ThemeIcon(ICONS[node.kind] ?? "table");
    item.contextValue = isTable(node) ? "table" : node.kind;
    item.accessibilityInformation = {
      label: [node.kind, node.name, node.detail, node.description].filter(Boolean).join(", "),
    };
    if (isTable(node)) {
      item.command = {
        title: "Open",
        command: "vscode.open",
        arguments: [vscode.Uri.parse(node.uri, true), { preview: true }],
      };
    }
    return item;
  }
}

/** Whether *node* is a table or view, whatever its kind is called. */
function isTable(node: MetadataNode): boolean {
  return node.table !== "" && node.kind !== "column";
}
