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
    readonly uncovered_tables: readonly string[];
  };
  readonly goldenQueries: number;
  readonly files: readonly CheckedFile[];
  /** Documents about the first of the tables that are named, by their names in the report. */
  readonly tableUris: Readonly<Record<string, string>>;
}

interface CheckedFile {
  readonly kind: string;
  readonly uri: string;
  readonly name: string;
  readonly problems: readonly Problem[];
}

interface Problem {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: Place; readonly end: Place };
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

const MOST_NAMES = 50;
const START: Place = { line: 0, character: 0 };

/** What of a report belongs together. */
interface Part {
  readonly title: string;
  /** The server's kind of the files. */
  readonly kind: string;
  /** What to do where no file of the kind is named. */
  readonly without: string;
  readonly shares: (report: HealthReport) => readonly (readonly [string, number, number])[];
  readonly named: (report: HealthReport) => readonly (readonly [string, readonly string[]])[];
}

const PARTS: readonly Part[] = [
  {
    title: "Descriptions",
    kind: "metadata",
    without: "No metadata files are named in defog.toml: descriptions are the database's own.",
    shares: ({ descriptions: it }) => [
      ["Described tables", it.tables_described, it.total_tables],
      ["Described columns", it.columns_described, it.total_columns],
    ],
    named: ({ descriptions }) => [["Descriptions that are long", descriptions.long]],
  },
  {
    title: "Golden queries",
    kind: "golden queries",
    without: "No golden queries are named in defog.toml.",
    shares: ({ coverage: it }) => [["Covered tables", it.tables_covered, it.total_tables]],
    named: ({ coverage }) => [["Tables that no golden query reads", coverage.uncovered_tables]],
  },
  {
    title: "Glossary",
    kind: "glossary",
    without: "No glossary is named in defog.toml.",
    shares: () => [],
    named: () => [],
  },
];

/** The page about *reports*, which runs no script; *source* is where its styles may come from. */
export function page(reports: readonly HealthReport[], source: string): string {
  const body =
    reports.length > 0
      ? reports.map(section).join("")
      : `<p>There are no metadata. ${command("defog.openConfiguration", "Open defog.toml")}</p>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source} 'unsafe-inline'">
<title>Metadata Health</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Metadata Health</h1>
<nav aria-label="Actions">
${command("defog.checkHealthPage", "Check again")}
${command("defog.copyHealth", "Copy as Markdown")}
${command("defog.openConfiguration", "Open defog.toml")}
</nav>
</header>
<main>
${body}
</main>
</body>
</html>`;
}

const STYLE = `
  body { font-family: var(--vscode-font-family); color: var(--vscode-foreground);
    padding: 0 2rem 2rem; max-width: 60rem; line-height: 1.5; }
  h1 { font-weight: 400; margin-bottom: .25rem; }
  h2 { font-weight: 600; margin: 2rem 0 .5rem; }
  h3 { font-weight: 600; margin: 1.5rem 0 .5rem; padding-bottom: .25rem;
    border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, currentColor)); }
  nav { display: flex; gap: 1.5rem; }
  a { color: var(--vscode-textLink-foreground); text-decoration: none; }
  a:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
  a:focus-visible, summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0; }
  dd { margin: 0; }
  h4 { font-weight: 600; margin: .75rem 0 .25rem; }
  ul { margin: .25rem 0; padding-left: 1.5rem; }
  meter { width: 12rem; vertical-align: middle; margin-right: .75rem; }
  summary { cursor: pointer; margin: .5rem 0; width: max-content; }
  .error { color: var(--vscode-errorForeground); }
  .warning { color: var(--vscode-editorWarning-foreground); }
  .information, .hint { color: var(--vscode-editorInfo-foreground); }
  .note { color: var(--vscode-descriptionForeground); }
`;

function section(report: HealthReport): string {
  const name = title(report);
  return `<section aria-label="${escaped(name)}">
<h2>${escaped(name)}</h2>
<p class="note">${counted(report.tables, "table")}, from ${escaped(report.origin)}</p>
${PARTS.map((part) => partOf(part, report)).join("\n")}
</section>`;
}

function partOf(part: Part, report: HealthReport): string {
  const files = filesOf(part, report);
  const shares = part
    .shares(report)
    .map(([name, some, all]) => `<dt>${name}</dt><dd>${share(some, all)}</dd>`);
  const queries =
    part.kind === "golden queries" ? `<dt>Queries</dt><dd>${number(report.goldenQueries)}</dd>` : "";
  return `<h3>${part.title}: ${summary(files)}</h3>
<dl>${queries}${shares.join("")}</dl>
${files.length > 0 ? files.map(file).join("") : `<p class="note">${part.without}</p>`}
${part.named(report).map(([name, found]) => names(name, found, report.tableUris)).join("")}`;
}

function file({ uri, name, problems }: CheckedFile): string {
  const items = problems.map(
    ({ severity, code, message, range }) =>
      `<li><span class="${escaped(severity)}">${escaped(severity)}</span>: ` +
      `${link(uri, range, message)} <span class="note">${escaped(code)}</span></li>`,
  );
  const named = link(uri, { start: START, end: START }, name);
  return items.length > 0
    ? `<h4>${named}</h4><ul>${items.join("")}</ul>`
    : `<p><span aria-hidden="true">✓</span> ${named} <span class="note">no problems</span></p>`;
}

function names(
  name: string,
  found: readonly string[],
  uris: Readonly<Record<string, string>>,
): string {
  if (found.length === 0) {
    return "";
  }
  const items = found.slice(0, MOST_NAMES).map((it) => {
    const uri = uris[it];
    const shown = uri === undefined ? escaped(it) : link(uri, { start: START, end: START }, it);
    return `<li>${shown}</li>`;
  });
  const more = found.length - items.length;
  const rest = more > 0 ? `<li>… and ${number(more)} more</li>` : "";
  return `<details><summary>${name}: ${number(found.length)}</summary><ul>${items.join("")}${rest}</ul></details>`;
}

function share(part: number, whole: number): string {
  const said = shareText(part, whole);
  const value = percent(part, whole);
  return `<meter min="0" max="100" value="${value}" aria-label="${said}"></meter>${said}`;
}

function link(uri: string, { start, end }: Problem["range"], text: string): string {
  return command("defog.openPlace", text, [uri, start, end]);
}

function command(name: string, text: string, given: readonly unknown[] = []): string {
  const query = given.length > 0 ? `?${encodeURIComponent(JSON.stringify(given))}` : "";
  return `<a href="command:${name}${query}">${escaped(text)}</a>`;
}

/** The same as Markdown, to be sent to somebody. */
export function markdown(reports: readonly HealthReport[]): string {
  const lines = ["# Metadata Health", ""];
  for (const report of reports) {
    lines.push(`## ${title(report)}`, "");
    lines.push(`${counted(report.tables, "table")}, from ${report.origin}`, "");
    for (const part of PARTS) {
      const files = filesOf(part, report);
      lines.push(`### ${part.title}: ${summary(files)}`, "");
      const facts = part.shares(report).map(([name, some, all]) => `${name}: ${shareText(some, all)}`);
      const named = part.named(report).map(([name, found]) => `${name}: ${number(found.length)}`);
      const problems = files.flatMap(({ name, problems: all }) =>
        all.map(
          ({ severity, code, message, range }) =>
            `${name}:${range.start.line + 1}: ${severity}: ${message.replace(/\s+/g, " ")} (${code})`,
        ),
      );
      const items = [...facts, ...named, ...problems];
      lines.push(...items.map((it) => `- ${it}`), ...(items.length > 0 ? [""] : []));
    }
  }
  return lines.join("\n");
}

function title(report: HealthReport): string {
  return report.connection ?? "Metadata files";
}

function filesOf(part: Part, report: HealthReport): readonly CheckedFile[] {
  return report.files.filter(({ kind }) => kind === part.kind);
}

function summary(files: readonly CheckedFile[]): string {
  const problems = files.reduce((sum, it) => sum + it.problems.length, 0);
  return problems === 0 ? "no problems" : counted(problems, "problem");
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? "" : "s"}`;
}

function shareText(part: number, whole: number): string {
  return `${number(part)} of ${number(whole)} (${percent(part, whole)} %)`;
}

/** Rounded down: what is not whole is not called so. */
function percent(part: number, whole: number): number {
  return whole > 0 ? Math.floor((100 * part) / whole) : 0;
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
