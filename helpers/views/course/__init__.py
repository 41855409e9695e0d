"""Cards for exercises and questions, and the map of the lessons."""
