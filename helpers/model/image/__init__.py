"""Images as the OCI specifications describe them: names, digests, manifests, config, history."""
