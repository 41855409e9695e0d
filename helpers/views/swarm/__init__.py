"""A service on the nodes of a swarm."""
