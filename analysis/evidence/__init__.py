"""A dataset on disk, checked and read into rows."""
