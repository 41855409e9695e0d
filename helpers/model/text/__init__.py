"""How sizes, times, commands and output are written."""
