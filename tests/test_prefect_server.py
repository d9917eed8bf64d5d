"""The Prefect server of a run comes up, and never outlives who started it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.faults import TrochleaError
from flows.prefect_server import PrefectServer, check_answers, is_healthy

ROOT = Path(__file__).parents[1]
START_AND_STAY = """
import time
from flows.prefect_server import prefect_server
with prefect_server(for_one_flow=True) as server:
    server.wait()
    print(server.api, flush=True)
    time.sleep(600)
"""


def test_a_server_leaves_when_who_started_it_was_killed(tmp_path):
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    with subprocess.Popen([sys.executable, "-c", START_AND_STAY], cwd=ROOT, env=environment, text=True,
                          stdout=subprocess.PIPE) as starter:
        api = starter.stdout.readline().strip()
        assert is_healthy(api)
        starter.kill()
    deadline = time.monotonic() + 30
    while is_healthy(api) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not is_healthy(api)


def test_a_server_that_ends_at_once_is_said_in_one_sentence():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with pytest.raises(TrochleaError, match="Prefect's server did not start at http://127.0.0.1:1/api"):
        PrefectServer(process, "http://127.0.0.1:1/api").wait()


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/api", "nowhere", "", "http://'; drop table run;--"])
def test_an_address_where_no_server_answers_is_said_in_one_sentence(address):
    with pytest.raises(TrochleaError, match="No Prefect server answers at"):
        check_answers(address)
