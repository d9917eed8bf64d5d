"""The second program, statsmodels, in a process of its own: a second and a half to import pass while evidence is read.

It reads results from its input and writes opinions to its output, lot by lot, and leaves when its input ends, as it
does when whoever started it is gone.
"""

import importlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import BinaryIO

from analysis.faults import TrochleaError
from analysis.results import ComparisonResult, SecondOpinion

Ask = Callable[[Sequence[ComparisonResult]], list[SecondOpinion]]


@dataclass(frozen=True)
class SecondProgram:
    """The second program, which may still be getting ready."""

    process: subprocess.Popen

    def __call__(self, results: Sequence[ComparisonResult]) -> list[SecondOpinion]:
        """Return what it makes of each result; it is not troubled for none.

        Raises:
            TrochleaError: It ended.
        """
        if not results:
            return []
        try:
            pickle.dump(tuple(results), self.process.stdin)
            self.process.stdin.flush()
            return pickle.load(self.process.stdout)
        except (OSError, EOFError) as error:
            see_why = f"{sys.executable} -c 'import analysis.synthesis.second_opinion'"
            raise TrochleaError(
                f"statsmodels, which recomputes the main results, ended. See why with: {see_why}"
            ) from error


STARTED: ContextVar[SecondProgram] = ContextVar("started")


def started() -> SecondProgram:
    """Return the second program that was started around this call.

    A task gets it here and not as an argument: what tasks are given, Prefect pickles for their workers.
    """
    return STARTED.get()


@contextmanager
def second_program() -> Iterator[SecondProgram]:
    """Start the second program, give it at once, and stop it in the end.

    It is a session of its own, so that Ctrl-C does not reach it in the middle of an import.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.second_program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    program = SecondProgram(process)
    before = STARTED.set(program)
    try:
        yield program
    finally:
        STARTED.reset(before)
        process.kill()
        process.communicate()


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer lots of results until there are no more."""
    program = importlib.import_module("analysis.synthesis.second_opinion")
    while True:
        try:
            results = pickle.load(questions)
        except EOFError:
            return
        pickle.dump([program.second_opinion(result) for result in results], answers)
        answers.flush()


if __name__ == "__main__":
    output, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    serve(sys.stdin.buffer, output)
