"""A docker command as it was typed: its words, what it asks for, what to do when it failed."""
