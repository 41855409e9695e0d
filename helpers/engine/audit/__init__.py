"""What an audit has to know of containers and their engine, asked of the engine."""
