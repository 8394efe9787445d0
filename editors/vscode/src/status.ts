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

/**
 * The status bar for a server and, where known, the folder of the active editor.
 *
 * *sinceMs*: how long ago the folder's status arrived, by which its age has grown since.
 */
export function describe(
  server: ServerState,
  folder: FolderStatus | undefined,
  sinceMs: number,
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
      return running(server, folder, sinceMs);
  }
}

function running(
  server: Extract<ServerState, { kind: "running" }>,
  folder: FolderStatus | undefined,
  sinceMs: number,
): StatusView {
  const lines = ["**Defog SQL**"];
  if (folder?.connection != null) {
    lines.push(`Connection: ${escapeMarkdown(folder.connection)}`);
  }
  if (folder !== undefined && folder.tables > 0) {
    lines.push(`Metadata: ${tableCount(folder.tables)}${ageOf(folder, sinceMs)}`);
  }
  if (folder !== undefined && folder.message !== "") {
    lines.push(escapeMarkdown(folder.message));
  }
  lines.push(`Server: ${escapeMarkdown(server.name)}, ${escapeMarkdown(server.origin)}`);
  return {
    text: runningText(folder),
    tooltip: lines.join("\n\n"),
    severity: folder?.state === "error" ? "error" : "normal",
  };
}

function runningText(folder: FolderStatus | undefined): string {
  const name = folder?.connection ?? "Defog";
  switch (folder?.state) {
    case undefined:
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

function ageOf(folder: FolderStatus, sinceMs: number): string {
  return folder.age_seconds === null
    ? ""
    : `, read ${duration(folder.age_seconds + sinceMs / 1000)} ago`;
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
