"""One container: made, looked at, followed."""
