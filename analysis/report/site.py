"""A run as files: every page, table and the results document, rendered in memory."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import jinja2

from analysis.bibliography import ENDINGS, bibliography
from analysis.document import to_json
from analysis.report.a_to_z import a_to_z
from analysis.report.awaited import ledger_page
from analysis.report.changed import change_groups, since_sentence
from analysis.report.claims_page import claim_rows, fragile_count, holm_sentence, verdict_counts
from analysis.report.comparison_page import comparison_page
from analysis.report.comparison_tables import tables_of
from analysis.report.dataset_page import dataset_page, dataset_rows
from analysis.report.drawing import short
from analysis.report.evidence_map import KEY, evidence_map
from analysis.report.group_page import group_page
from analysis.report.group_tables import TABLES
from analysis.report.index_page import index_page
from analysis.report.links import places_of, slug
from analysis.report.network_page import network_page
from analysis.report.network_tables import LEAGUE_COLUMNS, NETWORK_TRIAL_COLUMNS, league_cells, network_trial_cells
from analysis.report.phrases import VERDICT_MEANINGS, VERDICTS
from analysis.report.policy import inlined
from analysis.report.prisma_page import prisma_page
from analysis.report.r_script import group_script, has_script, r_script
from analysis.report.svg import GROUPED, attributes, elements
from analysis.report.tables import claims_csv, comparisons_csv, csv_bytes
from analysis.report.trial_page import parts_of, trial_page
from analysis.report.trials import pages_of_studies, trials_of
from analysis.report.uses import uses_of
from analysis.report.wording import day
from analysis.results import Run

HIDDEN = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (
        *(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)),  # not allowed in HTML
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),  # would turn the text around them
    )
}


@dataclass(frozen=True)
class Imprint:
    """The foot of every page: which run it is, from what, and how to make it again."""

    run_id: str
    date: str
    time: str
    command: str
    data: str
    protocol: str
    code: str
    versions: tuple[tuple[str, str], ...]


def render(run: Run) -> dict[str, bytes]:
    """Return every file of the report of a run, by path; the same run gives the same bytes."""
    files = {path: page.encode("utf-8", "replace") for path, page in (*main_pages(run), *detail_pages(run))}
    for result in run.comparisons:
        name = slug(result.comparison.id)
        files |= {f"comparisons/{name}{ending}": table for ending, table in tables_of(result)}
        if has_script(result):
            files[f"comparisons/{name}.r"] = r_script(result, run.id).encode()
    for network in run.networks:
        name = slug(network.question.id)
        files[f"networks/{name}.csv"] = csv_bytes(LEAGUE_COLUMNS, league_cells(network))
        files[f"networks/{name}-trials.csv"] = csv_bytes(NETWORK_TRIAL_COLUMNS, network_trial_cells(network))
    for group in run.groups:
        name = f"groups/{slug(group.question.id)}"
        files |= {f"{name}{ending}": csv_bytes(columns, cells(group)) for ending, (columns, cells) in TABLES.items()}
        if group.pooled:
            files[f"{name}.r"] = group_script(group, run.id).encode()
    for form, ending in ENDINGS.items():
        files[f"sources.{ending}"] = bibliography(run.datasets, form).encode("utf-8", "replace")
    return files | {
        "claims.csv": claims_csv(run),
        "comparisons.csv": comparisons_csv(run),
        "results.json": to_json(run).encode(),
    }


def main_pages(run: Run) -> list[tuple[str, str]]:
    """Return the pages at the top of the site."""
    claims = {
        "claims": claim_rows(run),
        "counts": verdict_counts(run),
        "fragile": fragile_count(run),
        "holm": holm_sentence(run),
        "meanings": [(VERDICTS[word], word, meaning) for word, meaning in VERDICT_MEANINGS.items()],
    }
    return [
        ("index.html", page(run, "index.html", "", page=index_page(run), **claims)),
        ("claims.html", page(run, "claims.html", "", evidence_map=evidence_map(run), key=KEY, **claims)),
        ("changes.html", page(run, "changes.html", "", groups=change_groups(run), since=since_sentence(run))),
        ("datasets.html", page(run, "datasets.html", "", rows=dataset_rows(run))),
        ("ledger.html", page(run, "ledger.html", "", page=ledger_page(run))),
        ("a-to-z.html", page(run, "a_to_z.html", "", page=a_to_z(run, trials_of(run)))),
        ("prisma.html", page(run, "prisma.html", "", page=prisma_page(run))),
    ]


def detail_pages(run: Run) -> Iterator[tuple[str, str]]:
    """Give one page a comparison, one a source and one a trial."""
    trials, uses = trials_of(run), uses_of(run)
    places = places_of(run, pages_of_studies(trials))
    parts = parts_of(run, places, uses)
    for result in run.comparisons:
        content = comparison_page(run, result, places)
        script = f"{content.slug}.r" if has_script(result) else None
        yield f"comparisons/{content.slug}.html", page(run, "comparison.html", "../", page=content, script=script)
    for dataset in run.datasets:
        content = dataset_page(run, dataset, places, uses)
        yield f"datasets/{content.slug}.html", page(run, "dataset.html", "../", page=content)
    for network in run.networks:
        content = network_page(run, network, places)
        yield f"networks/{content.slug}.html", page(run, "network.html", "../", page=content)
    for group in run.groups:
        content = group_page(run, group, places)
        script = f"{content.slug}.r" if group.pooled else None
        yield f"groups/{content.slug}.html", page(run, "group.html", "../", page=content, script=script)
    for trial in trials:
        yield f"trials/{trial.name}.html", page(run, "trial.html", "../", page=trial_page(run, trial, parts))


def page(run: Run, template: str, root: str, **content: object) -> str:
    """Return one page; root is the way from it to the top of the site."""
    return templates().get_template(template).render(root=root, imprint=imprint(run), **content)


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates: everything escaped, an unknown name an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analysis.report"),
        autoescape=True,
        auto_reload=False,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "grouped": GROUPED,
        "style": inlined(environment.loader.get_source(environment, "style.css")[0]),
        "script": inlined(environment.loader.get_source(environment, "find.js")[0]),
    }
    environment.filters |= {"short": short, "elements": elements, "attributes": attributes}
    return environment


def visible(value: object) -> object:
    """Return text without characters that HTML forbids or that hide what it says."""
    return value.translate(HIDDEN) if type(value) is str else value


def imprint(run: Run) -> Imprint:
    """Return the foot of every page."""
    prints = run.fingerprints
    command = f"trochlea report --run {run.id}" if run.recorded else "trochlea preview"
    return Imprint(
        run.id,
        day(run.started),
        f"{run.started:%H:%M} UTC",
        command,
        prints.data,
        prints.protocol,
        prints.code,
        prints.versions,
    )
