"""Office files are ZIP archives that note when they were written; here they note the run, so that bytes repeat."""

import io
import re
import zipfile
from datetime import datetime

CORE = "docProps/core.xml"
WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
FIRST_YEAR = 1980  # of the dates that ZIP can hold


def settled(archive: bytes, started: datetime) -> bytes:
    """Return an Office file with the run's start in the place of every time of writing.

    Args:
        archive: The file as its library wrote it.
        started: When the run began, UTC.
    """
    written = io.BytesIO()
    date = (max(FIRST_YEAR, started.year), *started.timetuple()[1:6])
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            target.writestr(entry, dated(content, started) if name == CORE else content)
    return written.getvalue()


def dated(core: bytes, started: datetime) -> bytes:
    """Return the properties of a document with the run's start as created and modified."""
    stamp = f"{started:%Y-%m-%dT%H:%M:%SZ}".encode()
    return WRITTEN.sub(lambda found: found[1] + stamp + found[3], core)
