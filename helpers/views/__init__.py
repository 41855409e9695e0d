"""Model values in, something to look at out."""
