"""Containers: their settings, states, events and outcomes."""
