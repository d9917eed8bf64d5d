"""trochlea multiverse: a comparison under every combination of choices that could be defended."""

import dataclasses
import json
from pathlib import Path

import click

from analysis.faults import Fault, InputError, suggest
from analysis.multiverse import Explored, branch_table, explore, frame
from analysis.report.multiverse import claim_sentences, multiverse_sentences, option_rows
from analysis.results import ComparisonResult
from analysis.synthesis import synthesise_comparison
from flows.asked import Material
from flows.material import read_material
from flows.pool.columns import WRITERS, write_out
from flows.review import Review, review_options
from flows.summary import one_line

NO_POOL = "no multiverse: fewer than two studies to pool, or a model other than one mean"
Found = tuple[ComparisonResult, Explored | None]


@click.command("multiverse")
@click.argument("comparison", required=False)
@review_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a row a combination to this CSV or Parquet file.")
def command(review: Review, comparison: str | None, as_json: bool, out: Path | None) -> None:
    """Pool a comparison, or all, under every combination of choices that could be defended.

    Measure, values or changes, window, time, instrument, soundness of figures, unit of analysis, treatments, one
    study left out, estimator of the variance between studies, interval: all crossed. The protocol's own is row 0
    and stays the answer; the rest is its frame. The data are read as they are now; nothing is stored.

    \b
    Examples: trochlea multiverse
              trochlea multiverse hip-abduction-strength-beside
              trochlea multiverse hip-abduction-strength-beside --out branches.parquet
    """
    check_out(out)
    material = read_material(review)
    found = explored_results(material, review, comparison)
    if out is not None:
        rows = write_branches(out, found)
        click.echo(f"{rows:,} combinations written to {out}", err=True)
    if as_json:
        click.echo(json.dumps({"comparisons": [as_object(material, *one) for one in found]}, ensure_ascii=False))
    elif out is None:
        click.echo("\n\n".join(as_text(material, *one) for one in found))


def check_out(out: Path | None) -> None:
    """Refuse a file that cannot be written before anything is computed."""
    if out is not None and out.suffix.lower() not in WRITERS:
        raise click.UsageError(f"--out ends in {' or '.join(WRITERS)}; found {str(out)!r}.")
    if out is not None and not out.resolve().parent.is_dir():
        raise click.UsageError(f"--out: there is no folder {str(out.parent)!r}.")


def explored_results(material: Material, review: Review, asked: str | None) -> list[Found]:
    """Return the comparison that was asked for, or all, each with its branches.

    Raises:
        InputError: The protocol has no such comparison.
    """
    ids = [one.id for one in material.protocol.comparisons]
    if asked is not None and asked not in ids:
        allowed = f"{suggest(asked, ids)}The comparisons are {', '.join(ids)}"
        raise InputError([Fault(f"{review.data.name}/protocol/comparisons.toml", f"no comparison {asked!r}", allowed)])
    chosen = [one for one in material.protocol.comparisons if asked in (None, one.id)]
    results = [synthesise_comparison(one, material.evidence) for one in chosen]
    return list(zip(results, explore((result.comparison for result in results), material.evidence), strict=True))


def write_branches(out: Path, found: list[Found]) -> int:
    """Write every branch of every comparison as a row; return how many."""
    tables = [(result.comparison.id, branch_table(explored)) for result, explored in found if explored]
    names = dict.fromkeys(name for _, table in tables for name in table)
    columns: dict[str, list] = {"comparison": [], **{name: [] for name in names}}
    for comparison, table in tables:
        count = len(table["branch"])
        columns["comparison"] += [comparison] * count
        for name in names:
            columns[name] += table.get(name, [None] * count)
    write_out(out, columns)
    return len(columns["comparison"])


def as_object(material: Material, result: ComparisonResult, explored: Explored | None) -> dict:
    """Return a comparison as `--json` prints it: as in the results document."""
    whole = {"comparison": result.comparison.id, "answer": result.answer}
    if explored is None:
        return whole | {"multiverse": None, "why_not": NO_POOL}
    return whole | {"multiverse": dataclasses.asdict(frame(explored, result, material.protocol.claims))}


def as_text(material: Material, result: ComparisonResult, explored: Explored | None) -> str:
    """Return a comparison for a person."""
    heading = one_line(f"{result.comparison.id}: {result.comparison.question}")
    if explored is None:
        return f"{heading}\n  {NO_POOL}"
    found = frame(explored, result, material.protocol.claims)
    instruments = dict(material.evidence.codebook.labels().instruments)
    rows = option_rows(result, found, instruments)
    width = max(len(row.name) for row in rows)
    table = []
    for row in rows:
        table += [f"  {row.choice}"] if row.choice else []
        table.append(f"    {row.name:<{width}}  {row.branches:>7}  {row.median:>8}  {row.agreeing:>14}")
    head = f"    {'':<{width}}  {'rows':>7}  {'median':>8}  {'same answer in':>14}"
    said = [f"  {text}" for text in (*multiverse_sentences(result, found), *claim_sentences(found))]
    return "\n".join([heading, *map(one_line, said), head, *table])
