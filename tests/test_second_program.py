"""statsmodels in a process of its own: what it answers, and that it never stays behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from analysis.faults import TrochleaError
from analysis.synthesis.second_opinion import second_opinion
from flows.second_program import second_program
from tests.fixtures_bcg import bcg_run

PATIENCE_SECONDS = 60
ASK_AND_WAIT = """
import time
from flows.second_program import second_program
with second_program() as ask:
    print(ask.process.pid, flush=True)
    time.sleep(600)
"""


def test_it_answers_as_it_does_in_this_process():
    results = bcg_run().comparisons
    with second_program() as ask:
        assert ask([]) == []
        assert ask(results) == [second_opinion(result) for result in results]
        assert ask(results[:1]) == [second_opinion(results[0])]


def test_when_it_ended_the_run_fails_with_what_to_do():
    with second_program() as ask:
        os.kill(ask.process.pid, signal.SIGKILL)
        ask.process.wait()
        with pytest.raises(TrochleaError, match="statsmodels.*See why with"):
            ask(bcg_run().comparisons)


def test_it_is_gone_when_it_is_no_longer_needed():
    with second_program() as ask:
        pass
    assert ask.process.returncode is not None


def test_it_leaves_when_who_started_it_is_killed():
    starter = subprocess.Popen([sys.executable, "-c", ASK_AND_WAIT], stdout=subprocess.PIPE, text=True)
    pid = int(starter.stdout.readline())
    starter.kill()
    starter.communicate()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_there(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(pid)


def is_there(pid: int) -> bool:
    """Return whether a process runs; one that ended and is not waited for yet does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
