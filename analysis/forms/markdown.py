"""The report as Markdown (CommonMark with tables): plain to read, and no text in it acts as markup."""

import re
from urllib.parse import quote

from analysis.forms.blocks import Block, Figure, Heading, Listing, Paragraph, Table
from analysis.forms.outline import outline
from analysis.forms.plain import one_line, plain_text
from analysis.forms.standing import standing_svg
from analysis.results import Run

MARKUP = re.compile(r"[\\`*_{}\[\]#|~$^]")
LINE_STARTS = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))(?=\s|$|[-=])")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown(run: Run, folder: str | None = None) -> bytes:
    """Return the report of a run as Markdown in UTF-8.

    Args:
        run: The run.
        folder: Where its figures lie, from the place of the text; None leaves them out, and their tables stay.
    """
    return ("\n\n".join(filter(None, (block_text(block, folder) for block in outline(run)))) + "\n").encode()


def figures(run: Run) -> dict[str, bytes]:
    """Return the figures that the text names, each an SVG that stands on its own, by the name of its file."""
    found = (block for block in outline(run) if isinstance(block, Figure))
    return {figure.file: plain_text(standing_svg(figure.drawing)).encode() for figure in found}


def block_text(block: Block, folder: str | None) -> str:
    """Return one block; a figure as an image with its words, or as nothing where no folder has it."""
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
        case Figure(drawing):
            stop = "" if drawing.title.endswith("?") else "."
            words = escaped(f"{drawing.title}{stop} {drawing.desc}")
            return f"![{words}]({quote(folder)}/{block.file})" if folder else ""


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
