import * as vscode from "vscode";
import { attempt } from "./messages";
import type { MetadataTree } from "./metadataTree";
import type { Server } from "./server";
import { SCHEME } from "./tableDocuments";

/** The part that we use of a symbol of the workspace. */
interface Found {
  readonly name: string;
  readonly kind: number;
  readonly containerName?: string;
  readonly location: { readonly uri: string };
}

interface Row extends vscode.QuickPickItem {
  readonly uri: string;
  readonly column: string;
}

const FIELD = 8;
const PAUSE_MS = 120;

/** Let a person type a part of a name; the table is opened, and shown in the tree. */
export function findTable(server: Server, tree: MetadataTree): void {
  const input = vscode.window.createQuickPick<Row>();
  input.title = "Find Table or Column";
  input.placeholder = "A part of the name; table.column for the columns of a table";
  let pause: NodeJS.Timeout | undefined;
  const search = async (typed: string): Promise<void> => {
    input.busy = true;
    const rows = typed.trim() === "" ? [] : await found(server, typed);
    if (input.value === typed) {
      input.items = rows;
      input.busy = false;
    }
  };
  input.onDidChangeValue((typed) => {
    clearTimeout(pause);
    pause = setTimeout(() => void search(typed), PAUSE_MS);
  });
  input.onDidAccept(() => {
    const [row] = input.selectedItems;
    input.hide();
    if (row !== undefined) {
      void attempt(() => open(row, tree));
    }
  });
  input.onDidHide(() => {
    clearTimeout(pause);
    input.dispose();
  });
  input.show();
}

async function found(server: Server, query: string): Promise<Row[]> {
  const symbols = await server
    .request<Found[] | null>("workspace/symbol", { query })
    .catch(() => null); // the status bar says that there is no server
  return (symbols ?? [])
    .filter(({ location }) => location.uri.startsWith(`${SCHEME}:`))
    .map(({ name, kind, containerName, location }) => {
      const isColumn = kind === FIELD;
      return {
        label: `$(${isColumn ? "symbol-field" : "table"}) ${name}`,
        ...(containerName === undefined ? {} : { description: containerName }),
        // The server has chosen them: several words may be typed, or parts of words.
        alwaysShow: true,
        uri: location.uri,
        column: isColumn ? name : "",
      };
    });
}

async function open({ uri, column }: Row, tree: MetadataTree): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.parse(uri, true));
  await tree.reveal(column === "" ? uri : `${uri}#${encodeURIComponent(column)}`);
}
