"""The zip that an XLSX file is: looked over before anything opens it."""

import io
import re
import zipfile
import zlib

from analysis.importing.source import refuse

MOST_PARTS, MOST_BYTES, MOST_RATIO = 1000, 60_000_000, 200
SMALL = 1_000_000  # bytes; a small part may be as repetitive as it likes
XLSX = "An XLSX workbook that Excel or LibreOffice saved; or save the sheet as CSV UTF-8"
DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
FORBIDDEN = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "externallinks/": "links to other workbooks",
    "activex/": "ActiveX controls",
    "embeddings/": "embedded objects",
    "connections.xml": "connections to outside data",
}


def check_package(name: str, content: bytes) -> None:
    """Refuse a workbook that is none, that unpacks to too much, or that holds more than cells.

    Raises:
        InputError: What was found.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            check_sizes(name, parts)
            for part in parts:
                check_part(name, part)
                check_xml(name, part, archive.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise refuse(name, f"it is no XLSX workbook: {str(error)[:100]}", XLSX) from None


def check_sizes(name: str, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to more than a workbook of studies could hold."""
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > MOST_BYTES:
        found = f"it unpacks to {len(parts):,} parts of {whole:,} bytes"
        raise refuse(name, found, f"A workbook of studies has at most {MOST_PARTS:,} parts and {MOST_BYTES:,} bytes")
    if len({part.filename for part in parts}) < len(parts):
        raise refuse(name, "a part stands twice in it", XLSX)
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            found = f"a part that unpacks to {part.file_size:,} bytes from {part.compress_size:,}, as a zip bomb does"
            raise refuse(name, found, XLSX)


def check_part(name: str, part: zipfile.ZipInfo) -> None:
    """Refuse a part by its name: macros, links, paths that climb, encryption."""
    lowered = part.filename.lower().replace("\\", "/")
    for word, what in FORBIDDEN.items():
        if word in lowered:
            raise refuse(name, f"the workbook has {what}", "Save it as XLSX without them, or the sheet as CSV UTF-8")
    if lowered.startswith("/") or ".." in lowered.split("/") or part.flag_bits & 1:
        what = "is encrypted" if part.flag_bits & 1 else f"has a part named {part.filename[:60]!r}"
        raise refuse(name, f"the workbook {what}", XLSX)


def check_xml(name: str, part: zipfile.ZipInfo, content: bytes) -> None:
    """Refuse XML that declares entities, or whose bytes hide what they declare."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(name, f"{part.filename[:60]} is not written in UTF-8", XLSX)
    if DECLARED.search(content):
        raise refuse(name, f"{part.filename[:60]} declares a DOCTYPE or an entity", XLSX)
    if part.filename == "[Content_Types].xml" and b"macroEnabled" in content:
        raise refuse(name, "the workbook has macros", "Save it as XLSX without them, or the sheet as CSV UTF-8")
