"""What the VS Code extension declares, held against what the rest of the project says."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from defog_lsp import __version__
from defog_metadata.rules.findings import DEFAULT_SEVERITIES
from defog_metadata.workspace.configuration import Configuration
from defog_metadata.workspace.engines import ENGINES
from defog_metadata.workspace.overlay import overlaid
from defog_metadata.workspace.schemas import schema
from tests.editors.vscode.workbench import EXTENSION
from tests.support import tools


def manifest() -> dict[str, Any]:
    found = json.loads((EXTENSION / "package.json").read_text())
    assert isinstance(found, dict)
    return found


def settings() -> dict[str, dict[str, Any]]:
    found = manifest()["contributes"]["configuration"]["properties"]
    assert isinstance(found, dict)
    return found


def test_every_rule_can_be_set_and_shows_its_default() -> None:
    rules = settings()["defog.rules"]["properties"]
    assert list(rules) == list(DEFAULT_SEVERITIES)
    for code, default in DEFAULT_SEVERITIES.items():
        assert rules[code]["enum"] == ["off", "hint", "information", "warning", "error"]
        assert rules[code]["markdownDescription"].endswith(f"By default `{default}`.")


def test_every_dialect_of_an_engine_can_be_chosen() -> None:
    offered = settings()["defog.dialect"]["enum"]
    assert {it.dialect for it in ENGINES.values()} <= set(offered)


def test_what_lies_over_defog_toml_is_unset_by_default() -> None:
    """Else VS Code would send its defaults, and they would win over the file."""
    own = ("defog.server.", "defog.python.", "defog.trace.")
    defaults = {key: it["default"] for key, it in settings().items() if not key.startswith(own)}
    assert set(map(repr, defaults.values())) <= {"None", "''", "{}"}


def test_a_setting_that_names_a_program_needs_trust() -> None:
    programs = [it for it in settings() if it.startswith(("defog.server.", "defog.python."))]
    trust = manifest()["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert trust["restrictedConfigurations"] == programs


def test_the_readme_has_every_setting_and_command() -> None:
    readme = (EXTENSION / "README.md").read_text()
    assert re.findall(r"^\| `(defog\.[\w.]+)`", readme, re.MULTILINE) == list(settings())
    commands = manifest()["contributes"]["commands"]
    # Those of the tree's nodes are where the tree is told of.
    titles = [it["title"] for it in commands if not it["command"].startswith("defog.node.")]
    assert re.findall(r"^\| \*([^*]+)\*", readme, re.MULTILINE) == titles


def test_the_readme_shows_pictures_that_are_there_and_small() -> None:
    readme = (EXTENSION / "README.md").read_text()
    shown = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", readme)
    assert len(shown) == readme.count("![") > 3, "and each says what is to be seen"
    images = tools.REPOSITORY / "docs/images"
    assert {(EXTENSION / it).resolve() for it in shown} <= set(images.iterdir())
    assert all(it.stat().st_size < 300_000 for it in images.iterdir())


def test_the_walkthrough_leads_to_what_is_there() -> None:
    """Its pictures and texts, and the commands of its buttons and of what completes a step."""
    (walkthrough,) = manifest()["contributes"]["walkthroughs"]
    known = {it["command"] for it in manifest()["contributes"]["commands"]}
    known |= {f"{it['id']}.focus" for [it] in manifest()["contributes"]["views"].values()}
    for step in walkthrough["steps"]:
        named = re.findall(r"command:([\w.]+)", step["description"])
        named += re.findall(r"onCommand:([\w.]+)", " ".join(step["completionEvents"]))
        assert set(named) <= known, step["id"]
        assert (EXTENSION / step["media"]["markdown"]).is_file()
    shown = {it["media"]["markdown"] for it in walkthrough["steps"]}
    assert shown == {f"walkthrough/{it.name}" for it in (EXTENSION / "walkthrough").iterdir()}


def test_every_command_has_an_icon_and_a_category() -> None:
    for it in manifest()["contributes"]["commands"]:
        assert it["category"] == "Defog SQL"
        assert re.fullmatch(r"\$\([\w-]+\)", it["icon"]), it["command"]


def test_a_command_is_offered_where_it_has_what_it_needs() -> None:
    """The palette has no node of the tree, and not always an editor with SQL."""
    contributed = manifest()["contributes"]
    names = {it["command"] for it in contributed["commands"]}
    palette = {it["command"]: it["when"] for it in contributed["menus"]["commandPalette"]}
    needs = {"defog.node.": "false", "defog.editor.": "editorLangId == sql"}
    assert palette == {
        name: when for name in names for prefix, when in needs.items() if name.startswith(prefix)
    }
    shown = {
        it["command"]
        for menu, items in contributed["menus"].items()
        if menu != "commandPalette"
        for it in items
        if "command" in it
    }
    assert shown <= names
    assert palette.keys() <= shown, "what the palette does not always have is in a menu"
    tree = [*contributed["menus"]["view/title"], *contributed["menus"]["view/item/context"]]
    assert all(it["when"].startswith("view == defog.metadata") for it in tree)


def test_it_has_the_version_of_the_server_in_it() -> None:
    assert manifest()["version"] == __version__
    assert f"## {__version__}\n" in (EXTENSION / "CHANGELOG.md").read_text()


def test_the_lock_file_names_no_host() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text())
    packages = lock["packages"]
    assert all("resolved" not in it for it in packages.values())
    assert all("integrity" in it for path, it in packages.items() if path)
    assert packages[""]["version"] == manifest()["version"]


def test_types_and_style() -> None:
    npm_run("check")


def test_units() -> None:
    """The extension's own tests of what needs no editor."""
    output = npm_run("test")
    assert re.search(r"^# pass \d{2,}$", output, re.MULTILINE), output


def npm_run(script: str) -> str:
    tools.require("node")
    tools.require("vscode-extension")
    done = subprocess.run(
        [tools.require("npm"), "run", "--silent", script],
        cwd=EXTENSION,
        env=tools.environment(),
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_every_setting_that_lies_over_defog_toml_is_read() -> None:
    """What is offered there is taken as it is, and what is not offered is refused."""
    own = ("defog.server.", "defog.python.", "defog.trace.", "defog.configuration")
    configuration = Configuration(None, Path())
    for key, setting in settings().items():
        if key.startswith(own):
            continue
        wrong = overlaid(configuration, _nested(key, ["no such value"]))[1]
        assert len(wrong) == 1, f"the server does not know {key}"
        usual = [True, False] if "boolean" in setting["type"] else [setting.get("minimum", {})]
        good = [it for it in setting.get("enum", usual) if it is not None]
        for value in good:
            assert not overlaid(configuration, _nested(key, value))[1], (key, value)


def _nested(key: str, value: object) -> dict[str, object]:
    for part in reversed(key.removeprefix("defog.").split(".")):
        value = {part: value}
    assert isinstance(value, dict)
    return value


def test_the_json_schemas_are_those_that_the_server_prints() -> None:
    """Written anew by ``defog-lsp schema NAME > editors/vscode/schemas/NAME.schema.json``."""
    declared = {it["url"] for it in manifest()["contributes"]["jsonValidation"]}
    names = ("metadata", "golden-queries")
    assert declared == {f"./schemas/{it}.schema.json" for it in names}
    for name in names:
        text = (EXTENSION / "schemas" / f"{name}.schema.json").read_text()
        assert json.loads(text) == schema(name)
