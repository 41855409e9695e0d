"""The checks of a machine and its engine, each with the one thing to do."""
