"""A cluster of Kubernetes in one container: its programs, and what is typed to it."""
