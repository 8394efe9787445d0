// Runs test/*.test.ts: bundled one by one into a temporary folder, then under Node's own runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const folder = fileURLToPath(new URL("../test", import.meta.url));
const outdir = mkdtempSync(join(tmpdir(), "defog-sql-test-"));
try {
  buildSync({
    entryPoints: readdirSync(folder)
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join(folder, name)),
    bundle: true,
    format: "cjs",
    logLevel: "warning",
    outdir,
    outExtension: { ".js": ".cjs" },
    platform: "node",
    sourcemap: "inline",
    target: "node20",
  });
  const files = readdirSync(outdir).map((name) => join(outdir, name));
  const done = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
    stdio: "inherit",
  });
  process.exitCode = done.status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
