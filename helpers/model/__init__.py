"""Pure values and functions on them: standard library only, no engine, no screen."""
