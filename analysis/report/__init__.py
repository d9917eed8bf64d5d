"""A results document drawn as pages; nothing here computes."""
