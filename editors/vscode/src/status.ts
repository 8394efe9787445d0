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

/** What the status bar shows, and the status of the language. */
export interface StatusView {
  readonly text: string;
  /** Markdown, with icons and with links that are commands of `LINKED`. */
  readonly tooltip: string;
  readonly severity: "normal" | "warning" | "error";
  /** Whether something is going on that will end by itself. */
  readonly isBusy: boolean;
  /** Whether tables of any connection are known. */
  readonly hasTables: boolean;
}

/** What can be done about the server and the metadata, as links under the tooltip. */
const ACTIONS = {
  refresh: "[$(refresh) Refresh](command:defog.refresh)",
  health: "[$(heart) Health](command:defog.checkHealthPage)",
  configuration: "[$(settings-gear) defog.toml](command:defog.openConfiguration)",
  restart: "[$(debug-restart) Restart](command:defog.restartServer)",
  output: "[$(output) Output](command:defog.showOutput)",
} as const;

/** The commands that a tooltip may run. */
export const LINKED = Object.values(ACTIONS).map((link) => link.replace(/^.*:|\)$/g, ""));

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
        ...NOTHING_KNOWN,
        text: "$(sync~spin) Defog: starting",
        tooltip: tooltip(["The language server is starting."], ["output"]),
        isBusy: true,
      };
    case "stopped":
      return {
        ...NOTHING_KNOWN,
        text: "$(debug-disconnect) Defog: stopped",
        tooltip: tooltip(["The language server does not run."], ["restart", "output"]),
        severity: "warning",
      };
    case "failed":
      return {
        ...NOTHING_KNOWN,
        text: "$(error) Defog",
        tooltip: tooltip([`$(error) ${escapeMarkdown(server.problem)}`], ["restart", "output"]),
        severity: "error",
      };
    case "running":
      return {
        text: runningText(folder[0]?.status),
        tooltip: tooltip(
          [
            ...(folder.length > 0
              ? folder.map((known) => connectionLines(known, now))
              : ["No SQL file is open, and no folder with a `defog.toml`."]),
            `Server: ${escapeMarkdown(server.name)}, ${escapeMarkdown(server.origin)}`,
          ],
          ["refresh", "health", "configuration", "output"],
        ),
        severity: folder.some(({ status }) => status.state === "error") ? "error" : "normal",
        isBusy: folder.some(({ status }) => isBusy(status)),
        hasTables: folder.some(({ status }) => status.tables > 0),
      };
  }
}

const NOTHING_KNOWN = { severity: "normal", isBusy: false, hasTables: false } as const;

/** Whether something is going on with the metadata that will end by itself. */
export function isBusy({ state }: FolderStatus): boolean {
  return state === "loading" || state === "refreshing";
}

function tooltip(paragraphs: readonly string[], actions: readonly (keyof typeof ACTIONS)[]): string {
  const links = actions.map((name) => ACTIONS[name]).join(" &nbsp; ");
  return ["**Defog SQL**", ...paragraphs, "---", links].join("\n\n");
}

const ICONS: Readonly<Record<FolderStatus["state"], string>> = {
  none: "$(circle-slash)",
  loading: "$(sync~spin)",
  ready: "$(database)",
  refreshing: "$(sync~spin)",
  stale: "$(history)",
  error: "$(warning)",
};

/** Markdown: the connection, its metadata, what the server adds and what to do, each on a line. */
function connectionLines({ status, arrived }: KnownStatus, now: number): string {
  const lines: string[] = [];
  if (status.connection !== null) {
    lines.push(`${ICONS[status.state]} Connection: **${escapeMarkdown(status.connection)}**`);
  }
  if (status.tables > 0) {
    const age = status.age_seconds === null ? null : status.age_seconds + (now - arrived) / 1000;
    const read = age === null ? "" : `, read ${duration(age)} ago`;
    lines.push(`Metadata: ${tableCount(status.tables)}${read}`);
  }
  if (status.message !== "") {
    lines.push(escapeMarkdown(status.message));
  }
  const advice = adviceOn(status);
  lines.push(...(advice === "" ? [] : [`*${advice}*`]));
  // Two blanks at its end break a line in Markdown.
  return lines.join("  \n");
}

function adviceOn({ state, connection }: FolderStatus): string {
  switch (state) {
    case "none":
      return connection === null
        ? "Name a database, or files that describe it, in defog.toml."
        : "Refresh to read the database.";
    case "stale":
      return "What was read before is in use.";
    case "error":
      return "Mend defog.toml or what it names, or refresh to try again.";
    default:
      return "";
  }
}

function runningText(folder: FolderStatus | undefined): string {
  const name = folder?.connection ?? "Defog";
  switch (folder?.state) {
    case undefined:
      return "$(database) Defog";
    case "none":
      return `$(circle-slash) ${name}: no metadata`;
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
