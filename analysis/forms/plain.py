"""Text that every form can hold: without what XML forbids and without characters that hide what a text says."""

from analysis.report.site import visible

FORBIDDEN = dict.fromkeys((0xFFFE, 0xFFFF, 0x2028, 0x2029), "\N{REPLACEMENT CHARACTER}")


def plain_text(value: object) -> str:
    """Return a value as text that XML 1.0 allows; what it does not allow becomes a mark that is seen."""
    text = str(visible(str(value))).translate(FORBIDDEN)
    return text.encode("utf-8", "replace").decode()


def one_line(value: object) -> str:
    """Return a value as text on one line."""
    return " ".join(plain_text(value).split())
