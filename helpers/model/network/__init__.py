"""Networks, the containers on them, and the connections between these that were tried."""
