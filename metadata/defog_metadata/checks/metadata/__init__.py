"""Metadata checked by itself and against its database, in files and as a whole."""

from defog_metadata.checks.metadata.drift import drift
from defog_metadata.checks.metadata.problems import MetadataProblem, Place
from defog_metadata.checks.metadata.whole import metadata_problems, validation_problems

__all__ = ["MetadataProblem", "Place", "drift", "metadata_problems", "validation_problems"]
