"""What containers use, live."""
