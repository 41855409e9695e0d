"""An audit of containers: what was seen of them, and what each rule says of that."""
