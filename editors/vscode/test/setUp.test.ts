import assert from "node:assert/strict";
import { test } from "node:test";
import { hidden } from "../src/redaction";
import { fieldsOf, proposed, readAddress, tablesKnown } from "../src/setUp";

const addresses: readonly [text: string, host: string, port: number][] = [
  ["db.internal", "db.internal", 5432],
  [" localhost:6432 ", "localhost", 6432],
  ["10.0.0.1:1", "10.0.0.1", 1],
  ["/var/run/postgresql", "/var/run/postgresql", 5432],
  ["::1", "::1", 5432],
  ["[::1]:6432", "::1", 6432],
  ["[fe80::1]", "fe80::1", 5432],
];

for (const [text, host, port] of addresses) {
  test(`the address ${text}`, () => {
    assert.deepEqual(readAddress(text, "postgres"), { host, port });
  });
}

for (const text of ["", "a b", "db:", "db:x", "db:0", "db:65536", "[::1", "a:1:x"]) {
  test(`no address: ${text}`, () => {
    assert.equal(typeof readAddress(text, "mysql"), "string");
  });
}

test("a port that is none is said to be so", () => {
  for (const port of ["abc", "", "0", "65536", "3306x"]) {
    assert.equal(readAddress(`db:${port}`, "mysql"), "A port is a number from 1 to 65535");
  }
});

test("what is proposed is what the engine's own client would take", () => {
  const environment = { PGHOST: "db", PGUSER: "analyst", PGDATABASE: "", PGPASSWORD: "s3cret" };
  assert.deepEqual(proposed("postgres", environment, "me"), {
    address: "db:5432",
    database: "",
    user: "analyst",
    password: "",
  });
  assert.deepEqual(proposed("mysql", {}, "me"), {
    address: "localhost:3306",
    database: "",
    user: "root",
    password: "",
  });
});

test("a password is never among the fields", () => {
  const draft = { address: "db:1", database: "d ", user: " u", password: "s3cret" };
  const expected = { host: "db", port: 1, database: "d", user: "u" };
  assert.deepEqual(fieldsOf("postgres", draft), { ...expected, password: { ask: true } });
  assert.deepEqual(fieldsOf("postgres", { ...draft, password: "" }), expected);
});

test("counts in words", () => {
  assert.equal(tablesKnown(1), "1 table is known");
  assert.equal(tablesKnown(12_000), "12,000 tables are known");
});

test("secrets are hidden, also as JSON has them", () => {
  const secret = 'pä"ss\\';
  const text = `Result: ${JSON.stringify(secret)}, ${secret}, pass`;
  assert.equal(hidden(text, [secret, "", "pä"]), 'Result: "***", ***, pass');
});
