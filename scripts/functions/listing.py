"""The functions of one dialect, on their way into its data file."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from defog_metadata.sql.functions import Function
from defog_metadata.sql.functions.notation import write
from scripts.functions.known import Known

__all__ = ["DATA", "Listing"]

DATA = Path(__file__).parents[2] / "metadata" / "defog_metadata" / "sql" / "functions" / "data"


@dataclass
class Listing:
    """``source`` says what it was read from; ``internal`` are names that nobody calls by hand."""

    source: str
    functions: dict[str, Function] = field(default_factory=dict)
    internal: set[str] = field(default_factory=set)

    def add(self, function: Function) -> None:
        self.functions[function.name.casefold()] = function

    def lay_over(self, more: Known) -> None:
        """Take from *more* what it says; what it leaves open stays as it was read."""
        for key, it in more.functions.items():
            before = self.functions.get(key)
            self.functions[key] = replace(
                it,
                description=it.description or (before.description if before else ""),
            )
        self.internal |= more.internal
        for key in more.absent:
            self.functions.pop(key, None)

    def text(self) -> str:
        """The contents of the data file."""
        lines = [write(it) for _, it in sorted(self.functions.items())]
        internal = sorted({it.casefold() for it in self.internal} - self.functions.keys())
        head = f"# {self.source}; made by scripts/functions"
        return "\n".join((head, *lines, *internal)) + "\n"

    def save(self, dialect: str) -> int:
        """Write the data file; the number of its functions."""
        DATA.mkdir(exist_ok=True)
        (DATA / f"{dialect}.tsv").write_text(self.text(), encoding="utf-8", newline="\n")
        return len(self.functions)
