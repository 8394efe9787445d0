"""Commands that make parts of the repository."""
