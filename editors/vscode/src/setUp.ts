import { isIPv6 } from "node:net";

/** A database that can be set up step by step: what has to be known of it. */

export type ServerKind = "postgres" | "mysql";

/** What a person has said of a server so far. */
export interface ServerDraft {
  /** `HOST` or `HOST:PORT`. */
  address: string;
  database: string;
  user: string;
  /** Empty where there is none. */
  password: string;
}

/** The fields of a connection, as a `defog.toml` has them. */
export type Fields = Readonly<Record<string, unknown>>;

const PORTS: Readonly<Record<ServerKind, number>> = { postgres: 5432, mysql: 3306 };
const LARGEST_PORT = 65_535;

/** The variables in which the engines' own clients find what they are not told. */
const VARIABLES: Readonly<Record<ServerKind, readonly [string, string, string, string]>> = {
  postgres: ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER"],
  mysql: ["MYSQL_HOST", "MYSQL_TCP_PORT", "MYSQL_DATABASE", "MYSQL_USER"],
};

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The host and port in *text*, else a sentence that says what is wrong with it. */
export function readAddress(text: string, kind: ServerKind): Address | string {
  // An IPv6 address has colons of its own, and so brackets where a port follows.
  const bare = text.trim();
  const matched = /^(?:\[([^\]]+)\]|([^\s:[\]]+))(?::([^:]*))?$/.exec(
    isIPv6(bare) ? `[${bare}]` : bare,
  );
  if (matched === null) {
    return `Write a host, or host:port, such as localhost:${PORTS[kind].toString()}`;
  }
  const host = matched[1] ?? matched[2] ?? "";
  const written = matched[3] ?? PORTS[kind].toString();
  const port = Number(written);
  return /^\d+$/.test(written) && port >= 1 && port <= LARGEST_PORT
    ? { host, port }
    : `A port is a number from 1 to ${LARGEST_PORT.toString()}`;
}

/** What is proposed: as the engine's own client would have it, by the *environment* or not. */
export function proposed(
  kind: ServerKind,
  environment: Readonly<Record<string, string | undefined>>,
  userName: string,
): ServerDraft {
  const [host, port, database, user] = VARIABLES[kind].map((name) => {
    const value = environment[name];
    return value === "" ? undefined : value;
  });
  return {
    address: `${host ?? "localhost"}:${port ?? PORTS[kind].toString()}`,
    database: database ?? "",
    user: user ?? (kind === "mysql" ? "root" : userName),
    password: "",
  };
}

/** The fields of the connection to a server; *draft* has a good address. No secret is in them. */
export function fieldsOf(kind: ServerKind, draft: ServerDraft): Fields {
  const address = readAddress(draft.address, kind);
  const where = typeof address === "string" ? { host: draft.address } : address;
  return {
    ...where,
    database: draft.database.trim(),
    user: draft.user.trim(),
    ...(draft.password === "" ? {} : { password: { ask: true } }),
  };
}

export const DIALECTS: readonly { readonly label: string; readonly dialect: string }[] = [
  { label: "PostgreSQL", dialect: "postgres" },
  { label: "MySQL or MariaDB", dialect: "mysql" },
  { label: "SQLite", dialect: "sqlite" },
  { label: "Snowflake", dialect: "snowflake" },
  { label: "BigQuery", dialect: "bigquery" },
  { label: "Databricks", dialect: "databricks" },
  { label: "Redshift", dialect: "redshift" },
  { label: "SQL Server", dialect: "tsql" },
  { label: "DuckDB", dialect: "duckdb" },
];

/** Databases that need more than a few fields, or a package of their own. */
export const OTHERS: readonly { readonly label: string; readonly dbType: string }[] = [
  { label: "DuckDB", dbType: "duckdb" },
  { label: "Snowflake", dbType: "snowflake" },
  { label: "BigQuery", dbType: "bigquery" },
  { label: "Databricks", dbType: "databricks" },
  { label: "Redshift", dbType: "redshift" },
  { label: "SQL Server", dbType: "sqlserver" },
];

/** How many tables are known, in words. */
export function tablesKnown(count: number): string {
  return count === 1 ? "1 table is known" : `${count.toLocaleString("en")} tables are known`;
}
