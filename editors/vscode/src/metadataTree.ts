import * as vscode from "vscode";
import type { Server } from "./server";
import { escapeMarkdown } from "./status";

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
  /** How a statement names it; empty for what none can name. */
  readonly written: string;
  /** What the column is part of: `primary`, `foreign` or nothing. */
  readonly key: string;
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
const KEY_ICONS: Readonly<Record<string, string>> = { primary: "key", foreign: "references" };

const PAUSE_MS = 200;

/** Connections, their schemas, tables and columns, each asked for when its parent is opened. */
export class MetadataTree
  implements
    vscode.TreeDataProvider<MetadataNode>,
    vscode.TreeDragAndDropController<MetadataNode>,
    vscode.Disposable
{
  readonly dropMimeTypes: readonly string[] = [];
  readonly dragMimeTypes = ["text/plain"];
  readonly #server: Server;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<MetadataNode>;
  /** By the URI of a node that was shown. */
  readonly #parents = new Map<string, MetadataNode>();
  #pause: NodeJS.Timeout | undefined;

  constructor(server: Server) {
    this.#server = server;
    this.#view = vscode.window.createTreeView("defog.metadata", {
      treeDataProvider: this,
      dragAndDropController: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
  }

  /** Ask anew for what is shown, once it has been quiet for a moment. */
  refresh(): void {
    // Connections report one after the other, and every open node is asked for.
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#changed.fire(undefined);
    }, PAUSE_MS);
  }

  dispose(): void {
    clearTimeout(this.#pause);
    this.#view.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: MetadataNode): Promise<MetadataNode[]> {
    try {
      const params = node === undefined ? {} : { uri: node.uri };
      const found = await this.#server.request<MetadataNode[]>("defog/tree", params);
      if (node !== undefined) {
        for (const it of found) {
          this.#parents.set(it.uri, node);
        }
      }
      return found;
    } catch {
      return []; // the status bar says that there is no server
    }
  }

  getParent(node: MetadataNode): MetadataNode | undefined {
    return this.#parents.get(node.uri);
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
    // What a connection has to say besides is in its tooltip.
    const shown = node.kind === "connection" ? [node.detail] : [node.detail, node.description];
    item.description = shown.filter(Boolean).join(" · ");
    item.tooltip = tooltip(node);
    item.iconPath = new vscode.ThemeIcon(KEY_ICONS[node.key] ?? ICONS[node.kind] ?? "table");
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

  /** What is dragged into an editor is written there as a statement names it. */
  handleDrag(nodes: readonly MetadataNode[], data: vscode.DataTransfer): void {
    const names = nodes.map(({ written }) => written).filter(Boolean);
    if (names.length > 0) {
      data.set("text/plain", new vscode.DataTransferItem(names.join(", ")));
    }
  }

  /** Show the node *uri*, as far as the first page of each level has it. */
  async reveal(uri: string): Promise<void> {
    let level = await this.getChildren();
    for (;;) {
      const found = level.find((node) => node.uri === uri);
      if (found !== undefined) {
        await this.#view.reveal(found, { select: true, focus: false, expand: true });
        return;
      }
      const around = level.find((node) => uri.startsWith(`${node.uri}/`) || isColumnOf(uri, node));
      if (around === undefined) {
        return;
      }
      level = await this.getChildren(around);
    }
  }
}

function tooltip(node: MetadataNode): vscode.MarkdownString {
  const title = [`**${escapeMarkdown(node.name)}**`, escapeMarkdown(node.detail)];
  const lines = [title.filter(Boolean).join(" — "), escapeMarkdown(node.description)];
  return new vscode.MarkdownString(lines.filter(Boolean).join("\n\n"));
}

function isColumnOf(uri: string, node: MetadataNode): boolean {
  return uri.startsWith(`${node.uri}#`);
}

/** Whether *node* is a table or view, whatever its kind is called. */
function isTable(node: MetadataNode): boolean {
  return node.table !== "" && node.kind !== "column";
}
