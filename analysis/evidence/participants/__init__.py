"""Participant data: read by DuckDB, checked, and summarised by arm. No participant leaves this room."""
