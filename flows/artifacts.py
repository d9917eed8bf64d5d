"""What a flow run leaves in Prefect for a reader: how far it is, how the claims came out, where the report lies."""

import re
from pathlib import Path
from uuid import UUID

from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact

from analysis.results import Run
from flows.summary import changed, found

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]#!|<>&~])")


class Progress:
    """A progress artifact, one step a task."""

    def __init__(self, steps: int):
        self.steps, self.done = steps, 0
        self.id: UUID = create_progress_artifact(0.0, key="progress", description="Stages done")

    def step(self) -> None:
        self.done += 1
        update_progress_artifact(self.id, 100.0 * self.done / self.steps)


def link_report(run: Run, page: Path) -> None:
    create_markdown_artifact(report_markdown(run, page), key="report", description=f"Report of run {run.id}")


def report_markdown(run: Run, page: Path) -> str:
    """Return the markdown of a run: the report's link, what was found and changed, every verdict."""
    lines = [f"[The report of run {plain(run.id)}]({page.resolve().as_uri()})", plain(found(run)), plain(changed(run))]
    rows = [f"| {plain(v.claim.id)} | {plain(v.claim.text)} | {plain(v.verdict)} |" for v in run.verdicts]
    return "\n\n".join([*lines, "\n".join(["| Claim | In words | Verdict |", "| --- | --- | --- |", *rows])]) + "\n"


def plain(text: str) -> str:
    """Return text that markdown shows as it is, on one line."""
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))
