"""Bills of materials, to look at and to hand on."""
