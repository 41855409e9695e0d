"""The only place that speaks to an engine, and below the launcher the only one with sockets."""
