"""What the kernel says of the walls around containers, and acts that try them."""
