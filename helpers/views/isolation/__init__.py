"""Two containers' walls side by side."""
