"""The containers of a Compose project, followed as they come up."""
