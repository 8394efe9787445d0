import { execFileSync } from "node:child_process";
import { pythonsOnPath, which } from "../src/python";

/** Some Python of this machine, which the tests need as the extension does. */
export async function anyPython(): Promise<string> {
  for (const [name] of pythonsOnPath(process.platform)) {
    const found = await which(name);
    if (found !== undefined) {
      return found;
    }
  }
  throw new Error("these tests need a Python on the PATH");
}

/** Make, with *python*, a wheel that says it is our server, of some version and without needs. */
export function makeWheel(python: string, file: string, version: string): void {
  execFileSync(python, ["-c", MAKE_WHEEL, file, version]);
}

const MAKE_WHEEL = `
import sys, zipfile
file, version = sys.argv[1:]
info = f"defog_lsp-{version}.dist-info"
with zipfile.ZipFile(file, "w") as wheel:
    wheel.writestr("defog_lsp/__init__.py", f"version = {version!r}\\n")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: defog-lsp\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;
