"""The editor's settings: the section ``defog``, as the client gives it.

The values that lie over ``defog.toml`` are checked where that is read, by the same rules
(``defog_metadata.workspace.overlay``). Only what concerns the editor alone is read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Settings", "read_settings"]


@dataclass(frozen=True)
class Settings:
    """Settings of one scope. ``problems`` are sentences for the user."""

    overrides: Mapping[str, object] = field(default_factory=dict)
    configuration: str = ""
    """The path of a ``defog.toml`` to use instead of the nearest one."""
    problems: tuple[str, ...] = ()


def read_settings(value: object) -> Settings:
    """Settings from *value*; what is wrong in it is a problem and counts as not set.

    *value* is the section itself, or an object that contains it as ``defog``.
    """
    if isinstance(value, Mapping) and isinstance(value.get("defog"), Mapping):
        value = value["defog"]
    if value is None:
        return Settings()
    if not isinstance(value, Mapping):
        return Settings(problems=("the setting defog must be an object",))
    overrides = {str(key): it for key, it in value.items()}
    configuration = overrides.pop("configuration", None) or ""
    if not isinstance(configuration, str):
        problem = "the setting defog.configuration must be the path of a defog.toml"
        return Settings(overrides, problems=(problem,))
    return Settings(overrides, configuration)
