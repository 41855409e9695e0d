"""A swarm, read from any of its managers again and again."""
