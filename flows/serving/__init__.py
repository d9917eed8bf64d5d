"""The report shown on this machine while its data are edited."""
