"""Package databases read from images, and what Debian has fixed since."""
