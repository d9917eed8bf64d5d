"""Two runs compared: a page that stands alone, and the same as lines for a screen."""

from dataclasses import dataclass, replace

from analysis.report.changed import ChangeGroup, ChangeLine, change_groups
from analysis.report.site import page
from analysis.report.wording import MISSING, counted, day, joined
from analysis.results import Change, Run


@dataclass(frozen=True)
class PrintRow:
    """One thing that two runs were made from, and whether it is the same in both."""

    name: str
    old: str
    new: str
    same: bool


def diff_page(old: Run, new: Run, changes: tuple[Change, ...]) -> bytes:
    """Return one HTML page of what changed from one run to another; it links to no other page."""
    groups = tuple(replace(group, lines=tuple(map(unlinked, group.lines))) for group in diff_groups(old, new, changes))
    text = page(
        new, "diff.html", "", old=old, new=new, groups=groups, prints=print_rows(old, new),
        sentence=diff_sentence(old, new, groups), made_from=made_from_sentence(old, new),
        command=f"trochlea diff {old.id} {new.id}",
    )  # fmt: skip
    return text.encode("utf-8", "replace")


def unlinked(line: ChangeLine) -> ChangeLine:
    """Return a line without addresses: beside a page that stands alone there is no other."""
    return replace(line, address=None, origins=tuple(replace(origin, address=None) for origin in line.origins))


def diff_groups(old: Run, new: Run, changes: tuple[Change, ...]) -> tuple[ChangeGroup, ...]:
    """Return the changes between two runs by kind, in the words of the newer run and, of what is gone, the older."""
    known = {dataset.id for dataset in new.datasets}
    gone = tuple(dataset for dataset in old.datasets if dataset.id not in known)
    return change_groups(replace(new, changes=changes, datasets=(*new.datasets, *gone)))


def diff_sentence(old: Run, new: Run, groups: tuple[ChangeGroup, ...]) -> str:
    """Return which runs are compared, and how much changed."""
    runs = f"From run {old.id} of {moment(old)} to run {new.id} of {moment(new)}"
    count = sum(len(group.lines) for group in groups)
    return f"{runs}: {counted(count, 'change')}." if count else f"{runs}: nothing changed; the two are identical."


def made_from_sentence(old: Run, new: Run) -> str:
    """Return which of data, protocol, code and programs are the same in two runs, and which are not."""
    rows = print_rows(old, new)
    same, other = (joined(row.name for row in rows if row.same is equal) or "none" for equal in (True, False))
    return f"The same in both: {same}. Not the same: {other}."


def moment(run: Run) -> str:
    return f"{day(run.started)}, {run.started:%H:%M} UTC"


def print_rows(old: Run, new: Run) -> tuple[PrintRow, ...]:
    """Return what two runs were made from: data, protocol, code, programs."""
    before, now = (named_prints(run) for run in (old, new))
    return tuple(
        PrintRow(name, before.get(name, MISSING), now.get(name, MISSING), before.get(name) == now.get(name))
        for name in dict.fromkeys([*now, *before])
    )


def named_prints(run: Run) -> dict[str, str]:
    prints = run.fingerprints
    return {"data": prints.data, "protocol": prints.protocol, "code": prints.code, **dict(prints.versions)}
