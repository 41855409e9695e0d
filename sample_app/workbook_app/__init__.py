"""A small backend: a greeting, a store of items, metrics, and two ways to make load."""
