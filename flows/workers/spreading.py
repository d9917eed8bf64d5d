"""Lots of comparisons as Prefect tasks on Dask's workers. A lot and its answers travel as one pickle each."""

import logging
import pickle
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError

from distributed import KilledWorker, wait
from distributed.client import ClosedClientError
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect_dask import DaskTaskRunner
from prefect_dask.task_runners import PrefectDaskFuture

from analysis.faults import TrochleaError
from analysis.results import ComparisonResult
from flows.answering import Asked, answer
from flows.workers.checking import check_equal, leave_server
from flows.workers.cluster import threads_of
from flows.workers.equal import Made, made_here
from flows.workers.lots import deal, in_order

LOG = logging.getLogger("trochlea")
LOOK_SECONDS = 1.0
ALONE_SECONDS = 20.0  # a worker that died is started again by its nanny within a few
GONE = (CancelledError, ClosedClientError, OSError)  # what asking for work ends in when the scheduler left for good
AGAIN = "Nothing was stored. Look at the workers' own output, and run again"


@task(name="answer", cache_policy=NO_CACHE, persist_result=False)
def answer_lot(packed: bytes, asker: Made) -> bytes:
    """Answer one lot, on a worker; one that joined since the others were asked is held to the same."""
    check_equal("A worker that joined late", made_here(), asker)
    return pickle.dumps(answer(pickle.loads(packed)))


class Workers(DaskTaskRunner):
    """Prefect's Dask runner, which knows how to have a review's questions answered."""

    lots = 0  # sent so far

    def answer(self, asked: Sequence[Asked]) -> list[ComparisonResult]:
        """Return what `flows.answering.answer` does, to the last bit; the work is done by workers.

        A lot whose worker dies goes to another, three times at most.

        Raises:
            TrochleaError: The workers or the scheduler are gone, or a lot killed every worker that tried it.
        """
        try:
            return self.have_answered(asked)
        except KilledWorker as error:
            raise TrochleaError(f"Workers died over a part of the work, and more than once. {AGAIN}.") from error
        except GONE as error:
            raise TrochleaError(f"The scheduler left while workers were at work. {AGAIN}.") from error

    def have_answered(self, asked: Sequence[Asked]) -> list[ComparisonResult]:
        """Send every lot, see that all are answered, and let workers tell Prefect's server."""
        lots = deal(asked, threads_of(self.client))
        futures = [answer_lot.submit(pickle.dumps([asked[place] for place in lot]), made_here()) for lot in lots]
        self.lots += len(lots)
        self.see_through(futures)
        self.client.run(leave_server, on_error="ignore")
        return in_order(lots, [pickle.loads(future.result()) for future in futures])

    def see_through(self, futures: list[PrefectDaskFuture]) -> None:
        """Wait until every lot has ended, for as long as there is somebody to work on them."""
        pending, seen = {future.wrapped_future for future in futures}, time.monotonic()
        while pending := {one for one in pending if not one.done()}:
            LOG.info("Pooling on workers: %d of %d lots", len(futures) - len(pending), len(futures))
            with self.client.as_current():
                wait_a_little(pending)
            if self.client.status == "closed":
                raise ClosedClientError
            if threads_of(self.client):
                seen = time.monotonic()
            elif time.monotonic() - seen > ALONE_SECONDS:
                raise TrochleaError(f"No worker is left at {self.client.scheduler.address}. {AGAIN}.")


def wait_a_little(pending: set) -> None:
    """Wait for one more to end, but not for long."""
    try:
        wait(pending, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
    except (TimeoutError, CancelledError):  # still at work, or lost with the scheduler: the caller looks
        return
