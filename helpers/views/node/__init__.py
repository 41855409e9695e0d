"""Nodes, as a table."""
