"""The map of networks: who is on them, and which connections were tried."""
