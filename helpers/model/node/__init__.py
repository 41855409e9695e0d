"""Nodes: engines in containers, the machines of a cluster."""
