"""A cluster of Kubernetes in one container of the learner's engine, and the way to it."""
