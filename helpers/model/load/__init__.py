"""Requests at a steady rate: when each is due, how it ended, and what they come to."""
