"""Features of an engine and its kernel."""
