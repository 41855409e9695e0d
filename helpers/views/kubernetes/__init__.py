"""A cluster of Kubernetes: wished, observed, and who makes the one of the other."""
