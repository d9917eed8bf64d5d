"""What must be said of a model beyond one mean, beside what `analysis.pooling.STATUS` says of any."""

MODEL_STATUS: dict[str, str] = {
    "component-zero": "A variance between clusters, or between the rows of one, is estimated as 0.",
    "robust-empty": "No residuals are left for a robust standard error; that of the model takes its place.",
}
