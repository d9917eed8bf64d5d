"""A run as files: every page, table and the results document, each rendered in memory when it is asked for."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import jinja2
import markupsafe

from analysis.bibliography import ENDINGS, bibliography
from analysis.document import fingerprint_of, to_json
from analysis.made_by import key_of, made_by
from analysis.report.a_to_z import a_to_z
from analysis.report.around import Part, Whole, without_figures
from analysis.report.awaited import ledger_page
from analysis.report.changed import change_groups, comparison_since, since_sentence
from analysis.report.claims_page import claim_rows, fragile_sentence, holm_sentence, verdict_counts
from analysis.report.comparison_page import comparison_page
from analysis.report.comparison_tables import tables_of
from analysis.report.dataset_page import dataset_page, dataset_rows
from analysis.report.drawing import short
from analysis.report.evidence_map import KEY, evidence_map
from analysis.report.group_page import group_page
from analysis.report.group_tables import TABLES
from analysis.report.index_page import index_page
from analysis.report.links import Places, places_of, slug
from analysis.report.network_page import network_page
from analysis.report.network_tables import LEAGUE_COLUMNS, NETWORK_TRIAL_COLUMNS, league_cells, network_trial_cells
from analysis.report.phrases import VERDICT_MEANINGS, VERDICTS
from analysis.report.policy import inlined
from analysis.report.prisma_page import prisma_page
from analysis.report.r_script import group_script, has_script, one_line, r_script
from analysis.report.slots import Slots
from analysis.report.svg import GROUPED, attributes, elements
from analysis.report.tables import claims_csv, comparisons_csv, csv_bytes
from analysis.report.trial_page import Parts, trial_page
from analysis.report.trials import pages_of_studies, trials_of
from analysis.report.uses import uses_of
from analysis.report.wording import day
from analysis.results import ComparisonResult, Dataset, GroupResult, Run

COMPILED = Path(__file__).parent / "templates" / "__pycache__"
IN_SLOTS = ("run_id", "date", "time", "command", "data", "protocol")  # of the imprint
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


@dataclass(frozen=True)
class Draft:
    """A file of a report that is still to be made.

    Args:
        path: Where it lies in the report.
        make: Renders it, its slots not filled.
        key: Of all that it is made from, but for its slots: the same key, the same bytes. None when it is made anew.
    """

    path: str
    make: Callable[[], bytes]
    key: str | None = None


def render(run: Run) -> dict[str, bytes]:
    """Return every file of the report of a run, by path; the same run gives the same bytes."""
    slots, drafts = drafts_of(run)
    return {draft.path: slots.fill(draft.make()).content for draft in drafts}


def drafts_of(run: Run) -> tuple[Slots, list[Draft]]:
    """Return every file of the report of a run, not yet made, and what goes into their slots."""
    slots = Slots(slot_values(run))
    slotted = replace(imprint(run), **{name: slots.slot(name) for name in IN_SLOTS})
    return slots, [*main_pages(run), *detail_pages(run, slotted, slots), *data_files(run, slots)]


def script(result: ComparisonResult, slots: Slots) -> bytes:
    return r_script(result, slots.slot("run_in_script")).encode()


def list_of_sources(sources: tuple[Dataset, ...], form: str) -> bytes:
    return bibliography(sources, form).encode("utf-8", "replace")


def data_files(run: Run, slots: Slots) -> Iterator[Draft]:
    """Give the files for other programs."""
    for result in run.comparisons:
        name, key = slug(result.comparison.id), key_of(made_by(), fingerprint_of(result))
        yield from (Draft(f"comparisons/{name}{ending}", make, key) for ending, make in tables_of(result))
        if has_script(result):
            yield Draft(f"comparisons/{name}.r", partial(script, result, slots), key)
    for network in run.networks:
        name = slug(network.question.id)
        yield content(f"networks/{name}.csv", csv_bytes(LEAGUE_COLUMNS, league_cells(network)))
        yield content(f"networks/{name}-trials.csv", csv_bytes(NETWORK_TRIAL_COLUMNS, network_trial_cells(network)))
    for group in run.groups:
        name = f"groups/{slug(group.question.id)}"
        for ending, (columns, cells) in TABLES.items():
            yield content(f"{name}{ending}", csv_bytes(columns, cells(group)))
        if group.pooled:
            yield content(f"{name}.r", group_script(group, run.id).encode())
    sources = tuple(map(without_figures, run.datasets))
    for form, ending in ENDINGS.items():
        key = key_of(made_by(), *map(fingerprint_of, sources))
        yield Draft(f"sources.{ending}", partial(list_of_sources, sources, form), key)
    yield content("claims.csv", claims_csv(run))
    yield content("comparisons.csv", comparisons_csv(run))
    yield content("results.json", to_json(run).encode())


def content(path: str, made: bytes) -> Draft:
    """Return a file that costs nothing to make."""
    return Draft(path, lambda: made)


def main_pages(run: Run) -> list[Draft]:
    """Return the pages at the top of the site: of all comparisons together, and drawn anew in every report."""
    claims = {
        "claims": claim_rows(run),
        "counts": verdict_counts(run),
        "fragile": fragile_sentence(run),
        "holm": holm_sentence(run),
        "meanings": [(VERDICTS[word], word, meaning) for word, meaning in VERDICT_MEANINGS.items()],
    }
    contents = {
        "index.html": claims | {"page": index_page(run)},
        "claims.html": claims | {"evidence_map": evidence_map(run), "key": KEY},
        "changes.html": {"groups": change_groups(run), "since": since_sentence(run), "previous": run.previous},
        "datasets.html": {"rows": dataset_rows(run)},
        "ledger.html": {"page": ledger_page(run)},
        "a-to-z.html": {"page": a_to_z(run, trials_of(run))},
        "prisma.html": {"page": prisma_page(run)},
    }
    return [
        content(path, page(run, path.replace("-", "_"), "", **what).encode("utf-8", "replace"))
        for path, what in contents.items()
    ]


def detail_pages(run: Run, slotted: Imprint, slots: Slots) -> Iterator[Draft]:
    """Give one page a comparison, a source, a network, a group and a trial, with slots for what always changes."""
    trials, uses = trials_of(run), uses_of(run)
    places = places_of(run, pages_of_studies(trials))
    whole, parts = Whole(run, places, uses), Parts(run, places, uses)
    for result in run.comparisons:
        name, part = slug(result.comparison.id), whole.around_comparison(result)
        make = partial(comparison_content, result, part, slots)
        yield Draft(f"comparisons/{name}.html", partial(detail, "comparison.html", slotted, make), part.key)
    for dataset in run.datasets:
        part = whole.around_dataset(dataset)
        make = partial(page_content, dataset_page, part.run, dataset, part.places, part.uses)
        yield Draft(f"datasets/{slug(dataset.id)}.html", partial(detail, "dataset.html", slotted, make), part.key)
    for network in run.networks:
        name, part = slug(network.question.id), whole.around_network(network)
        make = partial(page_content, network_page, part.run, network, part.places)
        yield Draft(f"networks/{name}.html", partial(detail, "network.html", slotted, make), part.key)
    for group in run.groups:
        name, part = slug(group.question.id), whole.around_group(group)
        make = partial(group_content, part.run, group, part.places)
        yield Draft(f"groups/{name}.html", partial(detail, "group.html", slotted, make), part.key)
    for trial in trials:
        make = partial(page_content, trial_page, run, trial, parts)
        yield Draft(f"trials/{trial.name}.html", partial(detail, "trial.html", slotted, make), parts.key(trial))


def page_content(draw: Callable, *drawn_from: object) -> dict[str, object]:
    return {"page": draw(*drawn_from)}


def comparison_content(result: ComparisonResult, part: Part, slots: Slots) -> dict[str, object]:
    """Return what the page of a comparison says, with the run that it was found in a slot."""
    found = comparison_page(replace(part.run, id=slots.slot("run_id")), result, part.places)
    if not found.changes:
        found = replace(found, since=slots.slot("since"))
    return {"page": found, "script": f"{found.slug}.r" if has_script(result) else None}


def group_content(run: Run, group: GroupResult, places: Places) -> dict[str, object]:
    found = group_page(run, group, places)
    return {"page": found, "script": f"{found.slug}.r" if group.pooled else None}


def detail(template: str, slotted: Imprint, make: Callable[[], dict[str, object]]) -> bytes:
    """Return a page of a folder below the top, its slots not filled."""
    text = templates().get_template(template).render(root="../", imprint=slotted, **make())
    return text.encode("utf-8", "replace")


def page(run: Run, template: str, root: str, **content: object) -> str:
    """Return one page; root is the way from it to the top of the site."""
    return templates().get_template(template).render(root=root, imprint=imprint(run), **content)


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates: everything escaped, an unknown name an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analysis.report"),
        bytecode_cache=compiled_templates(),
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


def compiled_templates(folder: Path = COMPILED) -> jinja2.BytecodeCache | None:
    """Return where compiled templates are kept from start to start, as Python keeps modules; None where it may not.

    They go by the hash of the code, which has the settings that they are compiled with; others are removed.
    """
    if sys.dont_write_bytecode:
        return None
    code = key_of(made_by())[:12]
    try:
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.cache"):
            if not path.name.startswith(code):
                path.unlink(missing_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"{code}-%s.cache") if os.access(folder, os.W_OK) else None


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


def slot_values(run: Run) -> dict[str, str]:
    """Return what differs between the pages of two runs that found the same."""
    whole = imprint(run)
    values = {name: str(visible(getattr(whole, name))) for name in IN_SLOTS}
    return values | {"since": comparison_since(run, ()), "run_in_script": markupsafe.Markup(one_line(run.id))}
