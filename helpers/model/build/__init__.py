"""Builds: Dockerfiles, contexts, steps, and why a step did not come from the cache."""
