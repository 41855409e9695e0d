"""Nodes, services and tasks of a swarm, as its managers tell of them."""
