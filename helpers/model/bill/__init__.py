"""Bills of materials: what the package databases in an image say is in it."""
