"""Descriptions written: what changes in which file, and changing it so that nothing is lost."""
