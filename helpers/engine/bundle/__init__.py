"""Bundles: the images of the lessons in one file, for rooms where no registry is reached."""
