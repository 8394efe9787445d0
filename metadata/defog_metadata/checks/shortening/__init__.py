"""Long descriptions made concise by rules of English, without a model. Pure.

``facts`` says what a description must go on saying, ``phrases`` and ``lists`` say the same in fewer
letters, ``clauses`` leaves out what says no fact, and ``shorten`` takes the mildest that suffices.
"""

from defog_metadata.checks.shortening.facts import Fact
from defog_metadata.checks.shortening.shorten import Shortened, shortened

__all__ = ["Fact", "Shortened", "shortened"]
