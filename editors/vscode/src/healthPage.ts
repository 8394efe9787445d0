import * as vscode from "vscode";
import type { Server } from "./server";

interface Problem {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly character: number;
}

interface CheckedFile {
  readonly kind: string;
  readonly uri: string;
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** What the server's command `defog.checkHealth` answers for each connection. */
export interface HealthReport {
  readonly connection: string | null;
  readonly origin: string;
  readonly tables: number;
  readonly descriptions: {
    readonly tables_described: number;
    readonly total_tables: number;
    readonly columns_described: number;
    readonly total_columns: number;
    readonly long: readonly string[];
  };
  readonly coverage: {
    readonly tables_covered: number;
    readonly total_tables: number;
    readonly coverage_percentage: number;
    readonly uncovered_tables: readonly string[];
  };
  readonly goldenQueries: number;
  readonly files: readonly CheckedFile[];
}

const MOST_NAMES = 50;

/** The health of the metadata as a page: one for the window, made anew when it is asked for. */
export class HealthPage {
  readonly #server: Server;
  #panel: vscode.WebviewPanel | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  async show(): Promise<void> {
    const params = { command: "defog.checkHealth", arguments: [] };
    const reports = await this.#server.request<HealthReport[]>("workspace/executeCommand", params);
    const panel = (this.#panel ??= this.#open());
    panel.webview.html = page(reports, panel.webview.cspSource);
    panel.reveal(undefined, true);
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      "defog.health",
      "Metadata Health",
      vscode.ViewColumn.Active,
      // Links are commands; the page runs no script.
      { enableCommandUris: ["defog.openPlace", "defog.checkHealthPage"] },
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    return panel;
  }
}

/** Show a place that the page links to. */
export async function openPlace(uri: string, start: Place, end: Place): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), { selection });
}

function page(reports: readonly HealthReport[], source: string): string {
  const body = reports.length > 0 ? reports.map(section).join("") : "<p>There are no metadata.</p>";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source} 'unsafe-inline'">
<title>Metadata Health</title>
<style>
  body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 2rem; }
  h1 { font-weight: 400; } h2 { font-weight: 600; margin-top: 2rem; }
  a { color: var(--vscode-textLink-foreground); }
  a:focus { outline: 1px solid var(--vscode-focusBorder); }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
  dd { margin: 0; } li { margin: .25rem 0; }
  meter { width: 12rem; vertical-align: middle; margin-right: .75rem; }
  .error { color: var(--vscode-errorForeground); }
  .warning { color: var(--vscode-editorWarning-foreground); }
  .code { color: var(--vscode-descriptionForeground); }
</style>
</head>
<body>
<h1>Metadata Health</h1>
<p><a href="command:defog.checkHealthPage">Check again</a></p>
${body}
</body>
</html>`;
}

function section(report: HealthReport): string {
  const { descriptions, coverage } = report;
  const title = report.connection ?? "Metadata files";
  const problems = report.files.reduce((sum, it) => sum + it.problems.length, 0);
  return `<section aria-label="${escaped(title)}">
<h2>${escaped(title)}</h2>
<dl>
<dt>Tables</dt><dd>${number(report.tables)}, from ${escaped(report.origin)}</dd>
<dt>Described tables</dt><dd>${share(descriptions.tables_described, descriptions.total_tables)}</dd>
<dt>Described columns</dt><dd>${share(descriptions.columns_described, descriptions.total_columns)}</dd>
<dt>Golden queries</dt><dd>${number(report.goldenQueries)}</dd>
<dt>Covered tables</dt><dd>${share(coverage.tables_covered, coverage.total_tables)}</dd>
</dl>
<h3>${problems === 0 ? "No problems in the files" : `Problems in the files: ${number(problems)}`}</h3>
${report.files.map(file).join("")}
${names("Descriptions that are long", descriptions.long)}
${names("Tables that no golden query reads", coverage.uncovered_tables)}
</section>`;
}

function file({ kind, uri, name, problems }: CheckedFile): string {
  const items = problems.map(
    ({ severity, code, message, range }) =>
      `<li><span class="${escaped(severity)}">${escaped(severity)}</span>: ` +
      `${link(uri, range, message)} <span class="code">${escaped(code)}</span></li>`,
  );
  const start = { line: 0, character: 0 };
  const title = `${link(uri, { start, end: start }, name)} <span class="code">${escaped(kind)}</span>`;
  return items.length > 0 ? `<h4>${title}</h4><ul>${items.join("")}</ul>` : `<p>✓ ${title}</p>`;
}

function names(title: string, found: readonly string[]): string {
  if (found.length === 0) {
    return "";
  }
  const items = found.slice(0, MOST_NAMES).map((it) => `<li>${escaped(it)}</li>`);
  const more = found.length - items.length;
  const rest = more > 0 ? `<li>… and ${number(more)} more</li>` : "";
  return `<details><summary>${title}: ${number(found.length)}</summary><ul>${items.join("")}${rest}</ul></details>`;
}

function share(part: number, whole: number): string {
  const percent = whole > 0 ? Math.round((100 * part) / whole) : 0;
  const said = `${number(part)} of ${number(whole)} (${percent} %)`;
  return `<meter min="0" max="100" value="${percent}" aria-label="${said}"></meter>${said}`;
}

function link(uri: string, { start, end }: Problem["range"], text: string): string {
  const given = encodeURIComponent(JSON.stringify([uri, start, end]));
  return `<a href="command:defog.openPlace?${given}">${escaped(text)}</a>`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (it) => entities[it] ?? it);
}
