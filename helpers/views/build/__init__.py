"""Builds in the making and in comparison."""
