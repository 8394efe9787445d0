"""The text of SQL as tokens and statements, whatever is wrong with it."""
