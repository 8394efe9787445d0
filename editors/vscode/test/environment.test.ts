import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import {
  bundledWheel,
  InstallationFailed,
  PrivateEnvironment,
  type Steps,
} from "../src/environment";
import { askPython, type Interpreter } from "../src/python";
import { anyPython, makeWheel } from "./machine";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "defog-sql-environment-")));
const wheels = { "1.0.0": wheelFile("1.0.0"), "2.0.0": wheelFile("2.0.0") };
let base: Interpreter;
let storage: string;

function wheelFile(version: string): string {
  return path.join(folder, `defog_lsp-${version}-py3-none-any.whl`);
}

before(async () => {
  const python = await anyPython();
  const found = await askPython([python], folder);
  assert.ok(found);
  base = found;
  for (const [version, file] of Object.entries(wheels)) {
    makeWheel(python, file, version);
  }
});

beforeEach(() => {
  storage = mkdtempSync(path.join(folder, "storage-"));
});

after(() => {
  rmSync(folder, { recursive: true });
});

interface Report extends Steps {
  readonly messages: string[];
  readonly lines: string[];
}

function steps(signal: AbortSignal = new AbortController().signal): Report {
  const messages: string[] = [];
  const lines: string[] = [];
  return {
    messages,
    lines,
    signal,
    report: (message) => messages.push(message),
    log: (line) => lines.push(line),
  };
}

function environments(): string[] {
  return readdirSync(path.join(storage, "environments"));
}

async function serverVersion(python: string | undefined): Promise<string | undefined> {
  assert.ok(python !== undefined);
  return (await askPython([python], folder))?.server;
}

test("made, found again, upgraded and discarded", async () => {
  const old = new PrivateEnvironment(storage, wheels["1.0.0"]);
  assert.equal(await old.existing(), undefined);
  // Two windows at once share the one that is finished first.
  const report = steps();
  const sameInOtherWindow = new PrivateEnvironment(storage, wheels["1.0.0"]);
  const [first, second] = await Promise.all([
    old.make(base, report),
    sameInOtherWindow.make(base, steps()),
  ]);
  assert.equal(first, second);
  assert.equal(await serverVersion(first), "1.0.0");
  assert.equal(await old.existing(), first);
  assert.equal(environments().length, 1);
  assert.equal(report.messages.length, 2);
  assert.ok(report.lines.some((line) => line.includes("defog-lsp-1.0.0")), report.lines.join("\n"));

  // Another wheel gets another one, and the old one goes.
  const upgraded = new PrivateEnvironment(storage, wheels["2.0.0"]);
  assert.equal(await upgraded.existing(), undefined);
  const python = await upgraded.make(base, steps());
  assert.equal(await serverVersion(python), "2.0.0");
  assert.equal(environments().length, 2);
  await upgraded.removeOutdated();
  assert.equal(await upgraded.existing(), python);
  assert.equal(await old.existing(), undefined);

  // A broken one is discarded; a Python that is none of ours is left alone.
  await upgraded.discard(python);
  assert.deepEqual(environments(), []);
  await upgraded.discard(base.executable);
  assert.ok(existsSync(base.executable));
});

test("what nobody goes on building is removed, what somebody builds is not", async () => {
  const abandoned = path.join(storage, "environments", "0-1.building");
  const busy = path.join(storage, "environments", "0-2.building");
  mkdirSync(abandoned, { recursive: true });
  mkdirSync(busy);
  utimesSync(abandoned, 0, 0);
  const environment = new PrivateEnvironment(storage, wheels["1.0.0"]);
  assert.equal(await environment.existing(), undefined);
  await environment.removeOutdated();
  assert.deepEqual(environments(), [path.basename(busy)]);
});

test("a wheel that cannot be installed leaves nothing behind", async () => {
  const broken = path.join(storage, path.basename(wheels["1.0.0"]));
  writeFileSync(broken, "not a wheel");
  const environment = new PrivateEnvironment(storage, broken);
  await assert.rejects(environment.make(base, steps()), InstallationFailed);
  assert.deepEqual(environments(), []);
});

test("a Python without venv is told apart", async () => {
  const environment = new PrivateEnvironment(storage, wheels["1.0.0"]);
  const none = { ...base, executable: path.join(folder, "no-python") };
  await assert.rejects(environment.make(none, steps()), (error) => {
    assert.ok(error instanceof InstallationFailed);
    assert.match(error.message, /python3-venv/);
    return true;
  });
});

test("cancelled while it is made: nothing is left behind", async () => {
  const environment = new PrivateEnvironment(storage, wheels["1.0.0"]);
  const abort = new AbortController();
  const making = environment.make(base, steps(abort.signal));
  // Once Python's venv module, and the processes that it starts, are at work.
  while (!existsSync(path.join(storage, "environments")) || environments().length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  abort.abort();
  await assert.rejects(making, /cancelled/);
  assert.deepEqual(environments(), []);
});

test("the bundled wheel", async () => {
  assert.equal(await bundledWheel(storage), undefined);
  mkdirSync(path.join(storage, "bundled"));
  assert.equal(await bundledWheel(storage), undefined);
  const wheel = path.join(storage, "bundled", path.basename(wheels["2.0.0"]));
  copyFileSync(wheels["2.0.0"], wheel);
  assert.equal(await bundledWheel(storage), wheel);
});
