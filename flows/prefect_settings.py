"""What Prefect must know before it is imported: it reads its settings once, from the environment."""

import os
from pathlib import Path

API_URL = "PREFECT_API_URL"  # where it is set, that server is used and none is started
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # errors reach a person as a sentence, from the command line; the console would add the traceback
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}


def settle_prefect(data: Path) -> None:
    """Set what is not set already; Prefect's home lies beside the data of the review."""
    home = data.resolve().parent / ".prefect"
    for name, value in {"PREFECT_HOME": str(home), **SETTINGS}.items():
        os.environ.setdefault(name, value)
