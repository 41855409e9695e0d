"""Requests at a steady rate, as strokes in order of time."""
