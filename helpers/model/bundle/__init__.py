"""Bundles: which images a file of them has."""
