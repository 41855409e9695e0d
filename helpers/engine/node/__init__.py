"""Nodes: engines in containers of the learner's engine, and the ways to them."""
