"""Checks of what people keep about a database: metadata, golden queries, glossaries. Pure."""
