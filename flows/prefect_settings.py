"""What Prefect must know before it is imported: it reads its settings once, from the environment."""

import os
from pathlib import Path

SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # errors reach a person as a sentence, from the command line; the console would add the traceback
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    # a new home is migrated first, which takes 20 seconds; Prefect's own patience is 20
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}


def settle_prefect(data: Path) -> None:
    """Set what is not set already; Prefect's home lies beside the data of the review.

    A server of one's own is used by setting PREFECT_API_URL.
    """
    home = data.resolve().parent / ".prefect"
    for name, value in {"PREFECT_HOME": str(home), **SETTINGS}.items():
        os.environ.setdefault(name, value)
