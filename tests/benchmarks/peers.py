"""Other programs that a person might pool with: how each fits one analysis, a batch, and all but one of many."""

import contextlib
import importlib.metadata
import json
import shutil
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Array = np.ndarray
R_SCRIPT = Path(__file__).with_name("peers.R")

with contextlib.suppress(ImportError):
    import pymare
    import pymare.estimators
with contextlib.suppress(ImportError):
    import statsmodels.stats.meta_analysis as statsmodels_meta
with contextlib.suppress(ImportError):
    import meta_analyze
with contextlib.suppress(ImportError):
    import pimeta


@dataclass(frozen=True)
class Peer:
    """A Python package and what is asked of it.

    Args:
        package: Its name on the package index.
        what: Method and interval, as near to REML with Hartung-Knapp as it has.
        one: Pools one analysis and returns the estimate.
        batch: Pools analyses of equal size, shape (b, k), in one call; None without one.
        without_each: Leaves each study out in turn; None where one has to loop.
    """

    package: str
    what: str
    one: Callable[[Array, Array], float]
    batch: Callable[[Array, Array], Array] | None = None
    without_each: Callable[[Array, Array], object] | None = None

    @property
    def version(self) -> str | None:
        """Return the version that is installed; None without it."""
        try:
            return importlib.metadata.version(self.package)
        except importlib.metadata.PackageNotFoundError:
            return None


def pymare_one(yi: Array, vi: Array) -> float:
    return float(pymare_batch(yi[None], vi[None])[0])


def pymare_batch(yi: Array, vi: Array) -> Array:
    estimator = pymare.estimators.VarianceBasedLikelihoodEstimator(method="REML")
    estimator.fit_dataset(pymare.Dataset(y=yi.T, v=vi.T, X=None, add_intercept=True))
    return estimator.summary().get_fe_stats()["est"][0]


def statsmodels_one(yi: Array, vi: Array) -> float:
    return float(statsmodels_meta.combine_effects(yi, vi, method_re="pm", use_t=True).mean_effect_re)


def pymetaanalysis_fit(yi: Array, vi: Array) -> object:
    return meta_analyze.meta_analysis(effect=yi, variance=vi, tau2_method="REML", ci_method="hksj")


def pymetaanalysis_one(yi: Array, vi: Array) -> float:
    return float(pymetaanalysis_fit(yi, vi).estimate)


def pymetaanalysis_without_each(yi: Array, vi: Array) -> object:
    return pymetaanalysis_fit(yi, vi).leave_one_out()


def pimeta_one(yi: Array, vi: Array) -> float:
    return float(pimeta.rma(yi, vi, method="REML", test="knha").b[0])


def pimeta_without_each(yi: Array, vi: Array) -> object:
    return pimeta.leave1out(yi, vi)


PEERS = (
    Peer("PyMARE", "REML, Wald", pymare_one, pymare_batch),
    Peer("statsmodels", "PM, t", statsmodels_one),
    Peer("PyMetaAnalysis", "REML, hksj", pymetaanalysis_one, None, pymetaanalysis_without_each),
    Peer("pimeta", "REML, knha", pimeta_one, None, pimeta_without_each),
)


@dataclass(frozen=True)
class Metafor:
    """What metafor took: seconds an analysis, for the BCG trials, and (studies, seconds) of one fit and of leave1out.

    Its estimates are NaN where it did not converge.
    """


    version: str
    each: float
    bcg: float
    estimates: Array
    studies: list[tuple[int, float]]
    left_out: list[tuple[int, float]]


def metafor(folder: Path, batch: tuple[Array, Array], studies: tuple[Array, Array]) -> Metafor | None:
    """Run metafor on analyses of equal size, shape (b, k), and on studies; None where Rscript does not have it."""
    if shutil.which("Rscript") is None:
        return None
    yi, vi = batch
    owner = np.repeat(np.arange(len(yi)), yi.shape[1])
    write(folder / "batch.csv", "analysis,yi,vi", np.column_stack((owner, yi.ravel(), vi.ravel())))
    write(folder / "studies.csv", "yi,vi", np.column_stack(studies))
    done = subprocess.run(["Rscript", str(R_SCRIPT), str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        warnings.warn(f"metafor did not run: {done.stderr.strip()[-300:]}", stacklevel=2)
        return None
    found = json.loads(done.stdout)
    estimates = np.array(found["estimates"], dtype=float)
    return Metafor(found["version"], found["each"], found["bcg"], estimates, found["studies"], found["left_out"])


def write(path: Path, header: str, rows: Array) -> None:
    """Write numbers in full as CSV."""
    np.savetxt(path, rows, fmt="%.17g", delimiter=",", header=header, comments="")
