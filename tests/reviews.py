"""The invented review, copied where a test may change it."""

import shutil
from pathlib import Path

from flows.review import Review

REPOSITORY = Path(__file__).parent.parent
INVENTED = Path(__file__).parent / "invented_review"
BROKEN = Path(__file__).parent / "broken"


def invented_review(folder: Path) -> Review:
    """Return a copy of the invented review below a folder."""
    shutil.copytree(INVENTED / "data", folder / "data")
    return Review(folder / "data", folder / "reports", folder / "data" / "trochlea.duckdb")
