"""Virtual machines: their settings, their guest, their console."""
