"""A cluster of Kubernetes: what is wished of it, and what is observed."""
