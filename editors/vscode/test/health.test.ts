import assert from "node:assert/strict";
import { test } from "node:test";
import { markdown, page, type HealthReport } from "../src/health";

function report(changes: Partial<HealthReport> = {}): HealthReport {
  return {
    connection: "shop",
    origin: "connection shop",
    tables: 3,
    descriptions: {
      tables_described: 2,
      total_tables: 3,
      columns_described: 9,
      total_columns: 10,
      long: ["orders.note"],
    },
    coverage: { tables_covered: 1, total_tables: 3, uncovered_tables: ["orders", "<odd>"] },
    goldenQueries: 4,
    files: [
      { kind: "metadata", uri: "file:///m.json", name: "m.json", problems: [] },
      {
        kind: "golden queries",
        uri: "file:///g.json",
        name: "g.json",
        problems: [
          {
            severity: "error",
            code: "golden-invalid",
            message: "no column <b>\nhere",
            range: { start: { line: 4, character: 2 }, end: { line: 4, character: 6 } },
          },
        ],
      },
    ],
    tableUris: { orders: "defog:/shop/main/orders.sql", "orders.note": "defog:/shop/main/orders.sql" },
    ...changes,
  };
}

/** The arguments of the links to *text*. */
function linked(html: string, text: string): unknown[] {
  const links = [...html.matchAll(/<a href="command:defog.openPlace\?([^"]*)">([^<]*)<\/a>/g)];
  return links
    .filter(([, , shown]) => shown === text)
    .map(([, given]) => JSON.parse(decodeURIComponent(given ?? "")) as unknown);
}

test("a part for each of descriptions, golden queries and glossary, with its problems", () => {
  const html = page([report()], "");
  const headings = [...html.matchAll(/<h3>([^<]*)/g)].map(([, text]) => text);
  assert.deepEqual(headings, [
    "Descriptions: no problems",
    "Golden queries: 1 problem",
    "Glossary: no problems",
  ]);
  assert.match(html, /No glossary is named in defog\.toml/);
  assert.match(html, /9 of 10 \(90 %\)/);
  assert.match(html, /1 of 3 \(33 %\)/);
});

test("problems, files and tables lead to their places", () => {
  const html = page([report()], "");
  const start = { line: 4, character: 2 };
  assert.deepEqual(linked(html, "no column &lt;b&gt;\nhere"), [
    ["file:///g.json", start, { line: 4, character: 6 }],
  ]);
  assert.equal(linked(html, "m.json").length, 1);
  assert.match(JSON.stringify(linked(html, "orders.note")), /defog:\/shop\/main\/orders\.sql/);
  assert.match(html, /<li>&lt;odd&gt;<\/li>/, "what has no document is named");
});

test("the page runs nothing and fetches nothing", () => {
  const html = page([report({ connection: '"><script>alert(1)</script>' })], "vscode-resource:");
  assert.doesNotMatch(html, /<script/);
  assert.match(html, /default-src 'none'; style-src vscode-resource: 'unsafe-inline'/);
  assert.doesNotMatch(html, /(src|href)="https?:/);
});

test("of many names the first are shown, and how many there are", () => {
  const many = Array.from({ length: 2000 }, (_, at) => `t${at}`);
  const html = page([report({ coverage: { ...report().coverage, uncovered_tables: many } })], "");
  assert.match(html, /Tables that no golden query reads: 2,000/);
  assert.match(html, /… and 1,950 more/);
  assert.doesNotMatch(html, /<li>t50</);
});

test("without metadata it says what to do", () => {
  assert.match(page([], ""), /command:defog\.openConfiguration/);
});

test("as Markdown, with lines as people count them", () => {
  assert.equal(
    markdown([report()]),
    `# Metadata Health

## shop

3 tables, from connection shop

### Descriptions: no problems

- Described tables: 2 of 3 (66 %)
- Described columns: 9 of 10 (90 %)
- Descriptions that are long: 1

### Golden queries: 1 problem

- Covered tables: 1 of 3 (33 %)
- Tables that no golden query reads: 2
- g.json:5: error: no column <b> here (golden-invalid)

### Glossary: no problems
`,
  );
});
