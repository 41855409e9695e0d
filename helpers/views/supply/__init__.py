"""How far the supply of an image has got."""
