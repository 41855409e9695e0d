"""An archive of Debian packages: what its index says, and which packages a tree is made of."""
