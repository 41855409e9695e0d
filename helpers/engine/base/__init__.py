"""What all of the engine's parts borrow: folders, labels, locks, threads, streams, answers."""
