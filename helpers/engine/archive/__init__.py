"""Archives of images as `docker save` and its kin write them: one reader, one writer."""
