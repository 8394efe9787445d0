import assert from "node:assert/strict";
import { test } from "node:test";
import { hidden } from "../src/redaction";
import { traceChannel } from "../src/traceChannel";

test("what is written down of the conversation has no password", () => {
  const written: string[] = [];
  const write = (text: string): void => {
    written.push(text);
  };
  const log = { name: "Defog SQL", append: write, appendLine: write, replace: write };
  const trace = traceChannel(log as never, (text) => hidden(text, ["s3cret"]));
  trace.append("Result: s3");
  trace.appendLine('Result: "s3cret"');
  trace.replace("s3cret");
  assert.deepEqual(written, ["Result: s3", 'Result: "***"', "***"]);
});
