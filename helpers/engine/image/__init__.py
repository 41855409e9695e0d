"""One image on the engine."""
