"""The lessons as files: their text sources, the notebooks made of them, and their run."""
