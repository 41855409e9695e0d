"""What containers use: readings, and the usage between two of them."""
