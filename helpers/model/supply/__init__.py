"""Where images come from, and how far their supply has got."""
