"""The report as Markdown (CommonMark with tables): plain to read, and no text in it acts as markup."""

import re

from analysis.forms.blocks import Block, Figure, Heading, Listing, Paragraph, Table
from analysis.forms.outline import outline
from analysis.forms.plain import one_line
from analysis.results import Run

MARKUP = re.compile(r"[\\`*_{}\[\]#|~$^]")
LINE_STARTS = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))(?=\s|$|[-=])")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown(run: Run) -> bytes:
    """Return the report of a run as Markdown in UTF-8; figures are left out, their tables stay."""
    return ("\n\n".join(filter(None, map(block_text, outline(run)))) + "\n").encode()


def block_text(block: Block) -> str:
    """Return one block; nothing for a figure."""
    match block:
        case Heading(level, text):
            return f"{'#' * level} {escaped(text)}"
        case Paragraph(text, lead):
            return f"> {escaped(text)}" if lead else escaped(text)
        case Listing(items, numbered):
            return "\n".join(
                f"{f'{number}.' if numbered else '-'} {escaped(item)}" for number, item in enumerate(items, 1)
            )
        case Table():
            return table_text(block)
        case Figure():
            return ""


def table_text(table: Table) -> str:
    """Return a table under its caption."""
    lines = [table.header, tuple("---" for _ in table.header), *table.rows]
    texts = [[cell if index == 1 else escaped(cell) for cell in line] for index, line in enumerate(lines)]
    return "\n".join([f"*{escaped(table.caption)}*", "", *(f"| {' | '.join(line)} |" for line in texts)])


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is: no tag, no link, no emphasis, no list."""
    line = "".join(ENTITIES.get(letter, letter) for letter in one_line(text))
    line = MARKUP.sub(r"\\\g<0>", line)
    return LINE_STARTS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)
