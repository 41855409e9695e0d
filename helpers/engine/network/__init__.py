"""Which container reaches which, by trying; the networks of an engine as they change."""
