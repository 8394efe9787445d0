import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describe,
  duration,
  escapeMarkdown,
  LINKED,
  type FolderStatus,
  type KnownStatus,
  type ServerState,
} from "../src/status";

const RUNNING: ServerState = { kind: "running", name: "defog-lsp 0.1.0", origin: ".venv of shop" };

function folder(changes: Partial<FolderStatus>): FolderStatus {
  return {
    folder: "file:///shop",
    connection: "shop",
    state: "ready",
    tables: 12,
    age_seconds: 10,
    message: "",
    ...changes,
  };
}

/** Statuses that arrived at the time 0. */
function known(...statuses: (FolderStatus | undefined)[]): KnownStatus[] {
  return statuses.flatMap((status) => (status === undefined ? [] : [{ status, arrived: 0 }]));
}

const texts: readonly [
  text: string,
  severity: string,
  server: ServerState,
  status?: FolderStatus,
][] = [
  ["$(sync~spin) Defog: starting", "normal", { kind: "starting" }],
  ["$(debug-disconnect) Defog: stopped", "warning", { kind: "stopped" }],
  ["$(error) Defog", "error", { kind: "failed", problem: "no Python" }, folder({})],
  ["$(database) Defog", "normal", RUNNING],
  [
    "$(circle-slash) Defog: no metadata",
    "normal",
    RUNNING,
    folder({ state: "none", connection: null, tables: 0 }),
  ],
  ["$(database) shop: 12 tables", "normal", RUNNING, folder({})],
  ["$(database) shop: 1 table", "normal", RUNNING, folder({ tables: 1 })],
  ["$(database) shop: 100,000 tables", "normal", RUNNING, folder({ tables: 100_000 })],
  ["$(database) Defog: 12 tables", "normal", RUNNING, folder({ connection: null })],
  ["$(sync~spin) shop: loading", "normal", RUNNING, folder({ state: "loading", tables: 0 })],
  ["$(sync~spin) shop: 12 tables", "normal", RUNNING, folder({ state: "refreshing" })],
  [
    "$(sync~spin) shop: reading the database",
    "normal",
    RUNNING,
    folder({ state: "refreshing", tables: 0 }),
  ],
  ["$(history) shop: 12 tables", "normal", RUNNING, folder({ state: "stale" })],
  ["$(warning) shop: 12 tables", "error", RUNNING, folder({ state: "error" })],
  ["$(error) shop", "error", RUNNING, folder({ state: "error", tables: 0 })],
];

for (const [text, severity, server, status] of texts) {
  test(`describe: ${text} (${status?.state ?? "no folder"})`, () => {
    const view = describe(server, known(status), 0);
    assert.equal(view.text, text);
    assert.equal(view.severity, severity);
  });
}

test("the age grows after the status has arrived", () => {
  const status = known(folder({ age_seconds: 50 }));
  assert.match(describe(RUNNING, status, 0).tooltip, /12 tables, read less than a minute ago/);
  assert.match(describe(RUNNING, status, 15_000).tooltip, /12 tables, read 1 minute ago/);
  assert.doesNotMatch(describe(RUNNING, known(folder({ age_seconds: null })), 0).tooltip, /ago/);
});

test("the tooltip names the connection, the message and the server", () => {
  const { tooltip } = describe(RUNNING, known(folder({ message: "not *reachable*" })), 0);
  assert.match(tooltip, /Connection: \*\*shop\*\*/);
  assert.match(tooltip, /not \\\*reachable\\\*/);
  assert.match(tooltip, /defog\\-lsp 0\\.1\\.0, \\.venv of shop/);
});

test("the tooltip says what to do, and leads there", () => {
  const none = describe(RUNNING, known(folder({ state: "none", connection: null, tables: 0 })), 0);
  assert.match(none.tooltip, /Name a database, or files that describe it/);
  const unread = describe(RUNNING, known(folder({ state: "none", tables: 0 })), 0);
  assert.match(unread.tooltip, /Refresh to read the database/);
  const failed = describe({ kind: "failed", problem: "no Python" }, [], 0);
  for (const [view, names] of [
    [none, ["refresh", "checkHealthPage", "openConfiguration", "showOutput"]],
    [failed, ["restartServer", "showOutput"]],
  ] as const) {
    const links = [...view.tooltip.matchAll(/\(command:(\S+?)\)/g)].map(([, name]) => name ?? "");
    assert.deepEqual(links, names.map((name) => `defog.${name}`));
    assert.ok(links.every((name) => LINKED.includes(name)));
  }
});

test("work that ends by itself, and whether tables are known", () => {
  const view = (changes: Partial<FolderStatus>): unknown => {
    const { isBusy, hasTables } = describe(RUNNING, known(folder(changes)), 0);
    return [isBusy, hasTables];
  };
  assert.deepEqual(view({}), [false, true]);
  assert.deepEqual(view({ state: "refreshing" }), [true, true]);
  assert.deepEqual(view({ state: "loading", tables: 0 }), [true, false]);
  assert.deepEqual(view({ state: "error", tables: 0 }), [false, false]);
  assert.equal(describe({ kind: "starting" }, [], 0).isBusy, true);
});

test("several connections: the text is about the first, tooltip and severity about all", () => {
  const other = folder({ connection: "warehouse", state: "error", message: "unreachable" });
  const view = describe(RUNNING, known(folder({}), other), 0);
  assert.equal(view.text, "$(database) shop: 12 tables");
  assert.equal(view.severity, "error");
  assert.match(view.tooltip, /Connection: \*\*shop[^]*Connection: \*\*warehouse[^]*unreachable/);
});

const durations: readonly [seconds: number, text: string][] = [
  [0, "less than a minute"],
  [59.9, "less than a minute"],
  [60, "1 minute"],
  [3_599, "59 minutes"],
  [3_600, "1 hour"],
  [86_399, "23 hours"],
  [200_000, "2 days"],
];

for (const [seconds, text] of durations) {
  test(`duration: ${seconds} s`, () => {
    assert.equal(duration(seconds), text);
  });
}

test("text is not Markdown", () => {
  assert.equal(escapeMarkdown("a_b [x](y)\n  <c>"), "a\\_b \\[x\\]\\(y\\) \\<c\\>");
});
