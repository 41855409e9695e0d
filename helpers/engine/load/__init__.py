"""Requests sent at a steady rate by a process of its own, which no busy cell holds up."""
