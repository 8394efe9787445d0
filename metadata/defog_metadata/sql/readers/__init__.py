"""The grammars that statements are held against: engines' own parsers where a package has them."""

from defog_metadata.sql.readers.engines import Verdict, verdict
from defog_metadata.sql.readers.refusal import Refusal

__all__ = ["Refusal", "Verdict", "verdict"]
