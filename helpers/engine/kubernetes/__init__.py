"""A cluster of Kubernetes, read again and again."""
