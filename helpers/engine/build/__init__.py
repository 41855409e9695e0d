"""Images built from Dockerfiles, each build told step by step."""
