"""Evidence, effects, pooling, claims and reports. Nothing here knows Prefect."""
