/** What the server says of one workspace folder: the notification `defog/status`. */
export interface FolderStatus {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Name of the connection in `defog.toml`, or null where there is none. */
  readonly connection: string | null;
  readonly state: "none" | "loading" | "ready" | "refreshing" | "stale" | "error";
  readonly tables: number;
  /** Seconds since the metadata was read from the database, or null where there is none. */
  readonly age_seconds: number | null;
  /** One sentence for people; may be empty. */
  readonly message: string;
}

/** What the extension itself knows of the server. */
export type ServerState =
  | { readonly kind: "starting" | "stopped" }
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "running"; readonly name: string; readonly origin: string };

/** What the status bar shows. */
export interface StatusView {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly severity: "normal" | "warning" | "error";
}

/** A status with the moment that it arrived, from which the metadata's age goes on growing. */
export interface KnownStatus {
  readonly status: FolderStatus;
  /** Milliseconds, as `Date.now()` counts them; so is the *now* below. */
  readonly arrived: number;
}

/**
 * The status bar for a server and what it says of one folder: one status for each connection.
 *
 * The text is about the first of them, which should be the latest, the tooltip about all.
 */
export function describe(
  server: ServerState,
  folder: readonly KnownStatus[],
  now: number,
): StatusView {
  switch (server.kind) {
    case "starting":
      return {
        text: "$(sync~spin) Defog: starting",
        tooltip: "Defog SQL: the language server is starting.",
        severity: "normal",
      };
    case "stopped":
      return {
        text: "$(debug-disconnect) Defog: stopped",
        tooltip: "Defog SQL: the language server does not run. Click to restart it.",
        severity: "warning",
      };
    case "failed":
      return {
        text: "$(error) Defog",
        tooltip: `Defog SQL: ${escapeMarkdown(server.problem)}`,
        severity: "error",
      };
    case "running":
      return {
        text: runningText(folder[0]?.status),
        tooltip: [
          "**Defog SQL**",
          ...folder.map((known) => connectionLines(known, now)),
          `Server: ${escapeMarkdown(server.name)}, ${escapeMarkdown(server.origin)}`,
        ].join("\n\n"),
        severity: folder.some(({ status }) => status.state === "error") ? "error" : "normal",
      };
  }
}

/** Markdown: the connection, its metadata and what the server adds, each on a line. */
function connectionLines({ status, arrived }: KnownStatus, now: number): string {
  const lines: string[] = [];
  if (status.connection !== null) {
    lines.push(`Connection: ${escapeMarkdown(status.connection)}`);
  }
  if (status.tables > 0) {
    const age = status.age_seconds === null ? null : status.age_seconds + (now - arrived) / 1000;
    const read = age === null ? "" : `, read ${duration(age)} ago`;
    lines.push(`Metadata: ${tableCount(status.tables)}${read}`);
  }
  if (status.message !== "") {
    lines.push(escapeMarkdown(status.message));
  }
  // Two blanks at its end break a line in Markdown.
  return lines.join("  \n");
}

function runningText(folder: FolderStatus | undefined): string {
  const name = folder?.connection ?? "Defog";
  switch (folder?.state) {
    case undefined:
      return "$(database) Defog";
    case "none":
      return "$(database) Defog: no metadata";
    case "loading":
      return `$(sync~spin) ${name}: loading`;
    case "refreshing":
      return folder.tables > 0
        ? `$(sync~spin) ${name}: ${tableCount(folder.tables)}`
        : `$(sync~spin) ${name}: reading the database`;
    case "ready":
      return `$(database) ${name}: ${tableCount(folder.tables)}`;
    case "stale":
      return `$(history) ${name}: ${tableCount(folder.tables)}`;
    case "error":
      return folder.tables > 0
        ? `$(warning) ${name}: ${tableCount(folder.tables)}`
        : `$(error) ${name}`;
  }
}

function tableCount(tables: number): string {
  return tables === 1 ? "1 table" : `${tables.toLocaleString("en")} tables`;
}

/** A duration in whole units of the largest kind that fits into it. */
export function duration(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ];
  for (const [length, unit] of units) {
    const count = Math.floor(seconds / length);
    if (count >= 1) {
      return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
    }
  }
  return "less than a minute";
}

/** Names and messages come from files and databases: they are text, not Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|~$&]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}
