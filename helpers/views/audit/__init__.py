"""Audits, to look at."""
