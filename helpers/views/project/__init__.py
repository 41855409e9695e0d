"""How a Compose project comes up."""
