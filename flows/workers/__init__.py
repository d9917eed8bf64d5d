"""Beyond one process: comparisons in lots, sent to Dask's workers through Prefect. Nothing else imports Dask."""
