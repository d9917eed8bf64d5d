"""Prefect flows and the command line: what runs, and when."""
