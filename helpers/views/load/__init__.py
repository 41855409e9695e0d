"""Requests at a steady rate, as strokes in the order in time."""
