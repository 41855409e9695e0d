"""What an engine and its kernel can do, found by trying."""
