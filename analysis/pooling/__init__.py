"""One engine that pools a batch of any number of analyses."""

from analysis.pooling.batch import PoolingError
from analysis.pooling.engine import Estimates, estimate_batch, pool, pool_batch
from analysis.pooling.intervals import TESTS
from analysis.pooling.pooled_batch import PooledBatch
from analysis.pooling.prediction import PredictionInterval, hts_prediction_interval
from analysis.pooling.status import STATUS
from analysis.pooling.subsets import cumulative, cumulative_rows, leave_one_out, leave_one_out_rows
from analysis.pooling.tables import MANTEL_HAENSZEL, mantel_haenszel, mantel_haenszel_batch, peto, peto_batch
from analysis.pooling.tau2 import TAU2_ESTIMATORS

__all__ = ["MANTEL_HAENSZEL", "STATUS", "TAU2_ESTIMATORS", "TESTS", "Estimates", "PooledBatch", "PoolingError",
           "PredictionInterval", "cumulative", "cumulative_rows", "estimate_batch", "hts_prediction_interval",
           "leave_one_out", "leave_one_out_rows", "mantel_haenszel", "mantel_haenszel_batch", "peto", "peto_batch",
           "pool", "pool_batch"]
