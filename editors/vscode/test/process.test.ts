import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { ServerProcess } from "../src/process";

function start(script: string): Promise<ServerProcess> {
  const launch = { command: "/bin/sh", args: ["-c", script], origin: "a test" };
  return ServerProcess.start(launch, () => undefined);
}

const options = { skip: process.platform === "win32" ? "it needs a shell" : false };

test("what a server says last is heard, also after it has been seen to end", options, async () => {
  const server = await start("(sleep 0.2; echo 'no such module' >&2) & exit 3");
  await once(server.child, "exit");
  assert.equal(await server.end(), true);
  assert.equal(server.ended, "status 3");
  assert.equal(server.lastWords, "no such module");
});

test("a server that does not end is made to", options, async () => {
  const server = await start("exec sleep 600");
  assert.equal(server.ended, undefined);
  assert.equal(await server.end(), false);
  assert.equal(server.ended, "signal SIGKILL");
});

test("what keeps a server's output open is not waited for", options, async () => {
  const server = await start("sleep 600 & echo $! >&2; exit 4");
  await once(server.child, "exit");
  assert.equal(await server.end(), true);
  process.kill(Number(server.lastWords));
});
