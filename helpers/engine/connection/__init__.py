"""Which engine is taken, and the open connection to it."""
