"""Measurements, each a command: ``python -m benchmarks.NAME``; ``python -m benchmarks`` runs all.

They read the public corpora in ``../shared/data`` beside the repository and say so where it is
absent. None of them is a test: tests compare, these tell.
"""
