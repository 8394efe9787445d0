"""Which schemas an extraction reads, and how much of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from defog_metadata.errors import ConfigurationError

__all__ = ["SchemaChoice"]


@dataclass(frozen=True, slots=True)
class SchemaChoice:
    """Only those in ``whitelist`` (all, where it is empty), without those in ``blacklist``.

    A blacklisted schema that does not exist is no error: the list has done its work.
    """

    whitelist: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()
    frequent_values: bool = True
    """Whether to read, too, what the statistics tell of the data."""

    def among(self, existing: Sequence[str], default: Collection[str] | None = None) -> list[str]:
        """The chosen ones of *existing*; without a whitelist, those of *default* only.

        Raises ``ConfigurationError`` when the whitelist names a schema that does not exist.
        """
        unknown = [it for it in self.whitelist if it not in existing]
        if unknown:
            raise ConfigurationError(
                f"schema_whitelist names {_listed(unknown)}, but the database has "
                f"{_listed(sorted(existing)) or 'no schema that this user can see'}. "
                "Correct the name, or ask for the right to see the schema."
            )
        wanted = self.whitelist or (existing if default is None else default)
        return [it for it in existing if it in wanted and it not in self.blacklist]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{it}"' for it in names)
