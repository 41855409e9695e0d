"""What parts one container from another and from its host: namespaces, capabilities, mounts."""
