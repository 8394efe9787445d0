// Builds the wheel of the server from this repository into bundled/, for the VSIX.
// The Python is that of $PYTHON, else the repository's own environment, else python3.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const extension = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const own = `${repository}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");

// A development environment has the build backend: then nothing has to be downloaded.
const hasBackend = spawnSync(python, ["-c", "import hatchling"], { stdio: "ignore" }).status === 0;
const isolation = hasBackend ? ["--no-build-isolation"] : [];

rmSync(`${extension}bundled`, { recursive: true, force: true });
const wheel = ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"];
const target = ["--wheel-dir", `${extension}bundled`, repository];
const done = spawnSync(python, [...wheel, ...isolation, ...target], { stdio: "inherit" });
if (done.error) {
  console.error(`${python}: ${done.error.message}`);
}
process.exit(done.status ?? 1);
