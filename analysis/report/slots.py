"""What changes from run to run on a page whose content does not: filled in last, and found again to be filled anew.

A page is rendered with a slot wherever the run's id, its date and the like belong. The words of a slot are drawn anew
for each report, so that no text of a source can look like one.
"""

import re
import secrets
from dataclasses import dataclass

import markupsafe


@dataclass(frozen=True)
class Filled:
    """A page, and where its slots are: name, first byte, bytes."""

    content: bytes
    places: tuple[tuple[str, int, int], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self.places)

    @property
    def between(self) -> list[bytes]:
        """What stands before, between and behind the slots."""
        ends = [0, *(first + length for _, first, length in self.places)]
        firsts = [*(first for _, first, _ in self.places), len(self.content)]
        return [self.content[end:first] for end, first in zip(ends, firsts, strict=True)]


class Slots:
    """The slots of one report, by name, with what belongs in each."""

    def __init__(self, values: dict[str, str]):
        self.token = f"slot-{secrets.token_hex(16)}-"
        self.values = {name: str(markupsafe.escape(value)).encode("utf-8", "replace")
                       for name, value in values.items()}  # fmt: skip
        self.pattern = re.compile(self.token.encode() + b"(" + b"|".join(map(str.encode, values)) + b")-end")

    def slot(self, name: str) -> str:
        """Return the words that stand for a value until the page is filled."""
        return f"{self.token}{name}-end"

    def fill(self, page: bytes) -> Filled:
        """Return a rendered page with its slots filled."""
        parts = self.pattern.split(page)
        return self.joined(parts[::2], [name.decode() for name in parts[1::2]])

    def refill(self, page: Filled) -> Filled:
        """Return a page that another report filled, with the values of this one."""
        return self.joined(page.between, list(page.names))

    def joined(self, between: list[bytes], names: list[str]) -> Filled:
        places, at = [], 0
        for part, name in zip(between, names, strict=False):
            at += len(part)
            places.append((name, at, len(self.values[name])))
            at += len(self.values[name])
        pieces = [piece for part, name in zip(between, [*names, None], strict=True)
                  for piece in (part, self.values.get(name, b""))]  # fmt: skip
        return Filled(b"".join(pieces), tuple(places))
