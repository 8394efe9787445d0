import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import { BadSetting, expand, findPython, findServer, type Surroundings } from "../src/locate";
import { environmentPython, type Interpreter } from "../src/python";

/** A machine: what its Pythons are, and which commands there are. */
interface Machine {
  readonly pythons?: Readonly<Record<string, readonly [version: string, server?: string]>>;
  readonly commands?: Readonly<Record<string, string>>;
  readonly selected?: string;
}

function around(machine: Machine, settings: Partial<Surroundings> = {}): Surroundings {
  return {
    serverPath: "",
    pythonPath: "",
    isTrusted: true,
    folders: ["/home/me/shop"],
    home: "/home/me",
    pythonNames: [["python3"], ["python3.12"]],
    selectedPython: () => Promise.resolve(machine.selected),
    which: (command) => Promise.resolve(machine.commands?.[command]),
    ask: ([command]) => {
      const found = machine.pythons?.[command];
      return Promise.resolve(found && interpreter(command, ...found));
    },
    ...settings,
  };
}

function interpreter(executable: string, version: string, server?: string): Interpreter {
  const [major = 0, minor = 0, micro = 0] = version.split(".").map(Number);
  return { executable, version: [major, minor, micro], server };
}

const VENV = environmentPython(path.join("/home/me/shop", ".venv"));
const MODULE = ["-P", "-m", "defog_lsp", "serve"];
const everything: Machine = {
  pythons: {
    "/opt/py": ["3.12.1", "0.1.0"],
    "/selected": ["3.11.0", "0.1.0"],
    [VENV]: ["3.13.0", "0.1.0"],
  },
  commands: { "/opt/lsp": "/opt/lsp", [VENV]: VENV, "defog-lsp": "/usr/bin/defog-lsp" },
  selected: "/selected",
};

const cases: readonly [
  what: string,
  machine: Machine,
  settings: Partial<Surroundings>,
  command: string | undefined,
  args: readonly string[],
][] = [
  [
    "the server's path comes first",
    everything,
    { serverPath: "/opt/lsp", pythonPath: "/opt/py" },
    "/opt/lsp",
    ["serve"],
  ],
  ["then the configured Python", everything, { pythonPath: "/opt/py" }, "/opt/py", MODULE],
  ["then the selected interpreter", everything, {}, "/selected", MODULE],
  ["then .venv", { ...everything, selected: "/without" }, {}, VENV, MODULE],
  [
    "an untrusted workspace's Pythons are not run",
    everything,
    { isTrusted: false },
    "/usr/bin/defog-lsp",
    ["serve"],
  ],
  [
    "a Python that is too old is passed over",
    { pythons: { "/old": ["3.10.9", "0.1.0"] }, selected: "/old" },
    {},
    undefined,
    [],
  ],
  [
    "a Python without the server is passed over",
    { pythons: { "/bare": ["3.12.0"] }, selected: "/bare" },
    {},
    undefined,
    [],
  ],
  ["nothing there", {}, {}, undefined, []],
];

for (const [what, machine, settings, command, args] of cases) {
  test(`findServer: ${what}`, async () => {
    const launch = await findServer(around(machine, settings));
    assert.equal(launch?.command, command);
    assert.deepEqual(launch?.args ?? [], args);
  });
}

test("findServer: a path that leads nowhere is an error, whatever else there is", async () => {
  await assert.rejects(findServer(around(everything, { serverPath: "~/gone" })), (error) => {
    assert.ok(error instanceof BadSetting);
    assert.equal(error.setting, "defog.server.path");
    assert.match(error.message, /\/home\/me\/gone/);
    return true;
  });
});

test("findPython: the first that is new enough", async () => {
  const machine: Machine = { pythons: { python3: ["3.9.2"], "python3.12": ["3.12.4"] } };
  assert.equal((await findPython(around(machine)))?.executable, "python3.12");
});

test("findPython: the workspace's choice only when trusted", async () => {
  const machine: Machine = {
    pythons: { "/selected": ["3.13.0"], python3: ["3.11.2"] },
    selected: "/selected",
  };
  assert.equal((await findPython(around(machine)))?.executable, "/selected");
  assert.equal((await findPython(around(machine, { isTrusted: false })))?.executable, "python3");
});

test("findPython: a configured one that is too old is an error", async () => {
  const machine: Machine = { pythons: { "/old": ["3.10.1"], python3: ["3.12.0"] } };
  await assert.rejects(findPython(around(machine, { pythonPath: "/old" })), BadSetting);
});

test("findPython: none", async () => {
  assert.equal(await findPython(around({ pythons: { python3: ["3.8.0"] } })), undefined);
});

const expansions: readonly [setting: string, expanded: string][] = [
  ["defog-lsp", "defog-lsp"],
  ["~/bin/defog-lsp", "/home/me/bin/defog-lsp"],
  ["${userHome}/x", "/home/me/x"],
  ["${workspaceFolder}/.venv/bin/python", "/home/me/shop/.venv/bin/python"],
  [".venv/bin/python", "/home/me/shop/.venv/bin/python"],
  [" /opt/py ", "/opt/py"],
  ["~other/x", "/home/me/shop/~other/x"],
];

for (const [setting, expanded] of expansions) {
  test(`expand: ${setting}`, { skip: process.platform === "win32" && "POSIX paths" }, () => {
    assert.equal(expand(setting, { folders: ["/home/me/shop"], home: "/home/me" }), expanded);
  });
}
