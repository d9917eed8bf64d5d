"""Comparisons and claims: read, checked early, judged."""
