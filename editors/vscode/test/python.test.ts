import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { askPython, environmentPython, isSupported, which } from "../src/python";
import { anyPython } from "./machine";

const folder = mkdtempSync(path.join(tmpdir(), "defog-sql-python-"));
after(() => {
  rmSync(folder, { recursive: true });
});
const posix = { skip: process.platform === "win32" && "shell scripts" };

test("a Python says its version, and that it has no server", async () => {
  const environment = path.join(folder, "bare");
  execFileSync(await anyPython(), ["-m", "venv", "--without-pip", environment]);
  const python = environmentPython(environment);
  const found = await askPython([python], folder);
  assert.ok(found);
  assert.equal(found.version[0], 3);
  assert.equal(found.server, undefined);
  assert.equal(found.executable, python);
});

test("what is no Python is no Python", posix, async () => {
  const script = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  assert.equal(await askPython([script("chatty", "echo hello")], folder), undefined);
  assert.equal(await askPython([script("failing", "exit 3")], folder), undefined);
  assert.equal(await askPython([path.join(folder, "absent")], folder), undefined);
});

test("which: only files that can be executed", posix, async () => {
  const plain = path.join(folder, "plain");
  writeFileSync(plain, "");
  chmodSync(plain, 0o644);
  assert.equal(await which(plain), undefined);
  assert.equal(await which(folder), undefined);
  assert.equal(await which("no-such-command-anywhere"), undefined);
  const shell = await which("sh");
  assert.ok(shell !== undefined && path.isAbsolute(shell));
});

const versions: readonly [version: [number, number, number], supported: boolean][] = [
  [[2, 7, 18], false],
  [[3, 10, 14], false],
  [[3, 11, 0], true],
  [[3, 14, 1], true],
  [[4, 0, 0], true],
];

for (const [version, supported] of versions) {
  test(`isSupported: ${version.join(".")}`, () => {
    assert.equal(isSupported({ executable: "python", version, server: undefined }), supported);
  });
}
