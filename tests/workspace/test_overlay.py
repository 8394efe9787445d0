from pathlib import Path

from defog_metadata.rules import DEFAULT_SEVERITIES
from defog_metadata.workspace.configuration import Configuration
from defog_metadata.workspace.overlay import overlaid

BASE = Configuration(
    None, Path("/x"), dialect="mysql", rules={"select-star": "hint"}, debounce_ms=20, ttl_seconds=5
)


def test_settings_lie_over_the_configuration() -> None:
    changed, problems = overlaid(
        BASE,
        {
            "dialect": "postgresql",
            "rules": {"unused-cte": "off"},
            "diagnostics": {"run": "onSave", "debounce": 99},
            "cache": {"ttlSeconds": 1.5},
            "trace": {"server": "off"},
        },
    )
    assert problems == ()
    assert changed == Configuration(
        None,
        Path("/x"),
        dialect="postgres",
        rules={"select-star": "hint", "unused-cte": "off"},
        diagnostics_run="onSave",
        debounce_ms=99,
        ttl_seconds=1.5,
    )


def test_what_is_not_set_changes_nothing() -> None:
    unset = {"dialect": "", "rules": {}, "diagnostics": {"run": None}, "cache": {}}
    assert overlaid(BASE, unset) == overlaid(BASE, {}) == (BASE, ())


def test_wrong_settings_are_named_and_ignored() -> None:
    changed, problems = overlaid(
        BASE,
        {
            "dialect": "klingon",
            "rules": {"nope": "off", "unused-cte": 3},
            "diagnostics": "onSave",
            "cache": {"ttlSeconds": -1},
        },
    )
    assert changed == BASE
    assert sorted(it.partition(";")[0] for it in problems) == [
        "defog.cache.ttlSeconds must be at least 0",
        "defog.diagnostics must be a table, [defog.diagnostics], not text",
        "defog.rules.unused-cte must be text in quotes, not a number",
        "unknown dialect 'klingon'",
        "unknown rule defog.rules.nope",
    ]


def test_every_rule_has_a_setting() -> None:
    wanted = dict.fromkeys(DEFAULT_SEVERITIES, "hint")
    changed, problems = overlaid(BASE, {"rules": wanted})
    assert not problems
    assert changed.severities == wanted
