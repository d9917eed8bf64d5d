"""What a page may do: its own style and, on pages with long lists, one script, each allowed by its hash alone."""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Inline:
    """A style or script that stands in a page: its text, and its hash as a Content-Security-Policy names it."""

    text: str

    @property
    def allowed(self) -> str:
        digest = hashlib.sha256(self.text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"


def inlined(source: str) -> Inline:
    """Return a file of the templates as it stands in a page, with a line of its own before and after."""
    return Inline(f"\n{source.strip()}\n")
