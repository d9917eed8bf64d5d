"""A source and what a person settled, to the folders that it becomes; or everything that keeps it from becoming any."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.declared import IDENTIFIER
from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import DESIGNS, MEASURES
from analysis.faults import Fault
from analysis.importing.answers import Answers, check_settings
from analysis.importing.asking import Question
from analysis.importing.fields import (
    ARM_FIGURES,
    CONTRAST_FIGURES,
    MEASURES_NAMED,
    ROW_FIELDS,
    SIDES,
    normal,
    without_form,
)
from analysis.importing.mapping import LEFT_OUT, Mapped, map_columns, unconfirmed
from analysis.importing.numerals import Style, style_of
from analysis.importing.parts import parts_of, take_apart
from analysis.importing.source import SourceRow, SourceTable
from analysis.importing.studies import TOTALS, StudyDraft, files_of, id_of, label_of, year_in
from analysis.importing.values import (
    add_effect,
    add_free_events,
    add_interval,
    check_percents,
    figures_in,
    read_values,
)
from analysis.importing.words import Words
from analysis.results import RATIOS, Imported

MOST_STUDIES = 2000
EFFECT_FIGURES = ("estimate", "p_value", "statistic_value", "direction")
EVIDENT = (*EFFECT_FIGURES, "yi", "vi", "giv", "o_minus_e")
MEASURED = ("mean", "events", "median", "sd", "se", "ci_low", "q1", "min")


@dataclass(frozen=True)
class Draft:
    """A folder to be written: its files as text, and the row of the source behind each line of its tables."""

    id: str
    files: dict[str, str]
    places: dict[str, list[SourceRow]]


@dataclass
class Plan:
    """What would be written, what was decided on the way, and what stands against it."""

    mapping: tuple[Mapped, ...] = ()
    drafts: tuple[Draft, ...] = ()
    questions: list[Question] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    vocabulary: str = ""  # lines for vocabulary.toml
    codebook: Codebook | None = None


@dataclass
class Work:
    """What the rows of a source are read with, and what has been made of them so far."""

    table: SourceTable
    answers: Answers
    fields: Mapping[str, int]
    style: Style
    words: Words
    plan: Plan
    studies: dict[tuple[str | None, str], StudyDraft] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)  # rows by outcome
    without_figures: list[str] = field(default_factory=list)  # where such rows stand
    lacking: dict[str, list[str]] = field(default_factory=dict)  # studies by what nobody says of them

    @property
    def settings(self) -> Mapping[str, str]:
        return self.answers.settings

    def ask(self, option: str, found: str, asked: str, choices: tuple[str, ...] = (), shape: str = "TEXT") -> None:
        question = Question(option, None, found, asked, choices, shape=shape)
        if question not in self.plan.questions:
            self.plan.questions.append(question)


def make_plan(table: SourceTable, file: str, sha256: str, answers: Answers, codebook: Codebook, today: date) -> Plan:
    """Return what a source becomes.

    Args:
        table: The source.
        file: The name of its file, and the SHA-256 of its bytes.
        sha256: As hexadecimal digits.
        answers: What a person settled.
        codebook: The codes of the review.
        today: The day that is kept in metadata.toml.
    """
    mapping, faults = map_columns(table, answers.columns)
    plan = Plan(mapping, faults=[*check_settings(table.where, answers), *faults], notices=list(table.notices))
    if plan.faults:
        return plan
    table, fields = take_apart(table, [one.field for one in plan.mapping])
    style = style_of(answers.settings, answers.missing, figures_in(table, fields))
    work = Work(table, answers, fields, style, Words(table.where, answers, codebook), plan)
    ask_of_columns(work)
    for row in table.rows:
        read_row(work, row)
    tell(work)
    plan.codebook, plan.vocabulary = work.words.grown(), work.words.lines()
    plan.questions += work.words.questions.values()
    plan.faults += work.words.faults
    imported = keep(work, file, sha256, today)
    work.studies = {label: study for label, study in work.studies.items() if any(study.rows.values())}
    plan.drafts = tuple(draft_study(work, study, imported) for study in work.studies.values())
    ask_for_facts(work)
    plan.faults += check_ids(work)
    return plan


def ask_of_columns(work: Work) -> None:
    """Ask for each guess to be confirmed, for figures where there are none, and for the studies' names."""
    if not work.answers.confirmed:
        work.plan.questions += [
            Question(
                "--map",
                one.column,
                f"column {one.column!r} could be {one.field}, which is a guess",
                f"Confirm it or say what it is ({LEFT_OUT} leaves it out); --yes confirms the whole mapping",
                (),
                one.field,
            )
            for one in unconfirmed(work.plan.mapping)
        ]
    plain = {name.rpartition(".")[2] for name in work.fields}
    if not plain & {*MEASURED, *EVIDENT}:
        columns = ", ".join([one.column for one in work.plan.mapping][:30])
        work.plan.faults.append(
            Fault(
                work.table.where,
                f"no column of figures among {columns}",
                "Means and SDs, events, or effects with their intervals are needed",
                fix='Say which columns hold them, such as --map "Mean A=experimental.mean"',
            )
        )
    if "study" not in work.fields and "study" not in work.settings:
        work.ask(
            "--study",
            "no column names the studies",
            "Name the one study that the table is about, or the column of names with --map COLUMN=study",
        )


def read_row(work: Work, row: SourceRow) -> None:
    """Make of a row of the source what rows of the contract it holds."""
    words = work.words
    values, faults = read_values(row, work.table.columns, work.fields, work.style, words.codebook)
    values.setdefault("study", work.settings.get("study", ""))
    if TOTALS.fullmatch(values["study"]):
        faults.append(row.fault(f"{values['study']!r} as a study", "It looks like a total: remove the row"))
    elif not values["study"] and not faults and ("study" in work.fields or "study" in work.settings):
        faults.append(
            row.fault(
                "the study has no name", "Every row names its study; a blank row above or below belongs to no study"
            )
        )
    faults += [] if faults else add_free_events(values, row) + check_percents(values, row, work.style)
    measure = values.get("measure") or work.settings.get("measure", "")
    if "giv" in values and measure in RATIOS and "scale" not in work.settings:
        work.ask(
            "--scale",
            "nothing says whether GIV Mean holds ratios or their logarithms",
            "RevMan Web's settings file says so for each analysis, as Log-scale data",
            ("log", "ratio"),
        )
    faults += [] if faults else add_interval(values, row, work.style)
    faults += [] if faults else add_effect(values, row, measure, work.settings.get("scale"))
    outcome = words.outcome(values.get("outcome", ""))
    if outcome == LEFT_OUT:
        name = values.get("outcome", "")
        work.left_out[name] = work.left_out.get(name, 0) + 1
        return
    work.plan.faults += faults
    if faults:
        return
    study = work.studies.setdefault((values.get("id"), label_of(values)), StudyDraft(label_of(values), row))
    work.plan.faults += study.learn(row, values)
    shared = shared_values(work, row, values, outcome)
    made = [*arm_rows(work, study, row, values, shared), *contrast_rows(work, study, row, values, shared, measure)]
    for table, line in made:
        study.add(table, row, line)
    if not made:
        work.without_figures.append(row.location)


def shared_values(work: Work, row: SourceRow, values: dict[str, str], outcome: str | None) -> dict[str, str]:
    """Return what all lines made of a row have in common."""
    own = values.get("location")
    said = {"followup_weeks": "weeks", "value_type": "value-type", "seen_as": "seen-as"}
    shared = {name: values[name] for name in ROW_FIELDS if name in values}
    shared |= {name: work.settings[key] for name, key in said.items() if name not in values and key in work.settings}
    shared.setdefault("seen_as", "secondary")
    return shared | {
        "outcome": outcome or "",
        "instrument": work.words.instrument(values.get("instrument", ""), values.get("outcome", "")) or "",
        "location": f"{own} ({row.location})" if own else row.location,
    }


def arm_rows(work: Work, study: StudyDraft, row: SourceRow, values: dict[str, str], shared: dict[str, str]):
    """Give the lines of arms.csv that a row holds: one a group in wide form, one in long form."""
    sides = [side for side in SIDES if any(f"{side}.{name}" in values for name in MEASURED)]
    if sides:
        for side in sides:
            figures = {name: values[f"{side}.{name}"] for name in ARM_FIGURES if f"{side}.{name}" in values}
            note = "; ".join(filter(None, (shared.get("note"), values.get(f"{side}.note"))))
            figures |= {"note": note} if note else {}
            yield "arms", arm_row(work, study, values.get(f"{side}.arm", ""), side, shared | figures)
    elif "arm" in work.fields:
        figures = {name: values[name] for name in ARM_FIGURES if name in values}
        if not values.get("arm"):
            work.plan.faults.append(row.fault("the arm has no name", "Every row of a table in long form names its arm"))
        elif set(figures) & set(MEASURED):
            yield "arms", arm_row(work, study, values["arm"], None, shared | figures)


def arm_row(work: Work, study: StudyDraft, word: str, side: str | None, line: dict[str, str]) -> dict[str, str]:
    """Return a line of arms.csv with its treatment."""
    code = work.words.arm(word, side) or ""
    if code:
        study.arms.setdefault(code, word)
    return {**level_of(work, line), "arm": code}


def contrast_rows(
    work: Work, study: StudyDraft, row: SourceRow, values: dict[str, str], shared: dict[str, str], measure: str
):
    """Give the line of contrasts.csv that a row holds, where it holds an effect."""
    if "arm" in work.fields or not any(name in values for name in EFFECT_FIGURES):
        return
    figures = {name: values[name] for name in CONTRAST_FIGURES if name in values}
    figures |= {f"n_{side}": values[f"{side}.n"] for side in SIDES if f"{side}.n" in values}
    if "n" in values:
        figures.setdefault("n_total", values["n"])
    if not measure:
        named = next(
            (measure_named(one.column) for one in work.plan.mapping if "estimate" in parts_of(one.field)), None
        )
        work.ask("--measure", "nothing says what the effects are", "Their measure is needed", MEASURES, named or "MD")
    line = level_of(work, shared | figures | {"measure": measure})
    for side in SIDES:
        word = values.get(f"{side}.arm") or values.get(side, "")
        if side == "experimental" or measure != "COR" or word or side in work.answers.arms:
            line[side] = work.words.arm(word, side) or ""
            study.arms.setdefault(line[side], word)
    yield "contrasts", line


def measure_named(heading: str) -> str | None:
    return MEASURES_NAMED.get(normal(heading)) or MEASURES_NAMED.get(normal(without_form(heading)))


def level_of(work: Work, line: dict[str, str]) -> dict[str, str]:
    """Return a line with the level of its interval, as the source or a person says it."""
    if "ci_low" not in line and "ci_high" not in line:
        return line
    if "level" not in line and "level" not in work.settings:
        work.ask("--level", "nothing says the level of its intervals", "It is 0.95 for 95 %", shape="0.95")
    return {"level": work.settings.get("level", ""), **line}


def tell(work: Work) -> None:
    """Say what was rewritten, left out and left open."""
    plan, style = work.plan, work.style
    if style.decimal == "comma" and "decimal" not in work.settings:
        plan.notices.append("Its figures have decimal commas: 12,5 is 12.5.")
    plan.notices += [
        f"{what[:1].upper()}{what[1:]}, {count} {'time' if count == 1 else 'times'}."
        for what, count in style.rewritten.items()
    ]
    plan.notices += [f"Left out: {count} rows of {name!r}." for name, count in work.left_out.items()]
    plan.notices += [notice for study in work.studies.values() for notice in told_apart(study)]
    rows = [line for study in work.studies.values() for lines in study.rows.values() for line in lines]
    plan.notices += [f"{place}: left out, it has no figures." for place in work.without_figures if rows]
    if any(line.get("measure") in RATIOS and line.get("se") for line in rows):
        plan.notices.append("Standard errors of ratios are taken as those of their logarithms.")
    if rows and not any(line.get("followup_weeks") for line in rows):
        plan.notices.append(
            "No row has a time of follow-up; a question with a window of weeks will leave them out "
            "(--weeks says it for all)."
        )
    if "year" not in work.fields and any(year_in(study.label) for study in work.studies.values()):
        plan.notices.append("Years are those in the studies' names.")
    if "seen-as" not in work.settings and "seen_as" not in work.fields:
        plan.notices.append("seen_as is secondary: figures read from another's table (--seen-as says otherwise).")


def told_apart(study: StudyDraft) -> list[str]:
    """Return a notice where groups of a study differ in nothing but detail: a question takes one of them."""
    details: dict[tuple[str, str], set[str]] = {}
    for line in study.rows["arms"]:
        details.setdefault((line["arm"], line["outcome"]), set()).add(line.get("detail", ""))
    several = sorted({detail for found in details.values() if len(found) > 1 for detail in found})
    if not several:
        return []
    return [f"{study.label}: its rows differ in detail ({', '.join(several)}); a question takes one of them."]


def keep(work: Work, file: str, sha256: str, today: date) -> Imported:
    """Return what metadata.toml keeps, so that a newer file is read in the same way."""
    columns = () if work.table.named else tuple((one.column, one.field or LEFT_OUT) for one in work.plan.mapping)
    answers = work.answers
    settings = dict(answers.settings) | ({"decimal": "comma"} if work.style.decimal == "comma" else {})
    return Imported(
        file,
        sha256,
        today,
        columns,
        tuple(answers.arms.items()),
        tuple(answers.outcomes.items()),
        tuple(answers.instruments.items()),
        tuple(settings.items()),
        answers.missing,
    )


def draft_study(work: Work, study: StudyDraft, imported: Imported) -> Draft:
    """Return the folder of a study; what it has to say of itself and nobody said is asked."""
    facts = {name: work.settings[name] for name in ("citation", "doi", "design", "curator") if name in work.settings}
    facts |= study.facts
    facts["year"] = study.facts.get("year") or year_in(study.label) or ""
    for name in NEEDED:
        if not facts.get(name):
            work.lacking.setdefault(name, []).append(study.label)
    suffix = work.settings.get("suffix")
    people = study.id
    name = id_of(f"{people} {suffix}") if suffix else people
    files = files_of(name, people, study, facts, imported, work.table.bias.get(study.label))
    return Draft(name, files, study.places)


NEEDED = {
    "citation": ("what was read for", "The citation of the paper or review that the figures are from", (), "TEXT"),
    "design": ("how people were studied in", "The design of the studies", DESIGNS, "DESIGN"),
    "curator": ("who answers for the transcription of", "The name of a person", (), "NAME"),
}  # fmt: skip


def ask_for_facts(work: Work) -> None:
    """Ask for what every folder has to say and some would not."""
    for name, labels in work.lacking.items():
        found, asked, choices, shape = NEEDED[name]
        whom = repr(labels[0]) if len(labels) == 1 else f"{len(labels)} studies, {labels[0]!r} the first"
        work.ask(f"--{name}", f"nothing says {found} {whom}", asked, choices, shape)


def check_ids(work: Work) -> list[Fault]:
    """Return a fault for each study whose name makes no id, or the id of another, and where there is none."""
    faults, seen = [], {}
    if not work.studies and not work.plan.faults:
        faults.append(
            Fault(
                work.table.where,
                "none of its rows has figures that come in",
                "A row of a study has them",
                fix="See above which columns were left out and why, and name theirs with --map",
            )
        )
    if "doi" in work.settings and len(work.studies) > 1:
        allowed = "A DOI is of one paper; several studies have theirs in a column, with --map COLUMN=doi"
        faults.append(Fault(work.table.where, f"--doi for {len(work.studies)} studies", allowed))
    if len(work.studies) > MOST_STUDIES:
        found = f"{len(work.studies):,} studies"
        faults.append(Fault(work.table.where, found, f"A file brings in at most {MOST_STUDIES:,} studies"))
    for study in work.studies.values():
        name = study.id
        if not study.label:
            continue  # asked already
        if name and not IDENTIFIER.fullmatch(name):
            allowed = "An id has small letters, digits, points and hyphens, such as hott-2019"
            faults.append(study.first.fault(f"{name!r} as an id", allowed))
        elif not name:
            allowed = "A folder is named by its small letters and digits: give the studies names such as Hott 2019"
            faults.append(study.first.fault(f"{study.label!r} as a study", allowed))
        elif name in seen:
            allowed = f"Both would be the folder {name}: write them alike if they are one study, apart if they are two"
            faults.append(study.first.fault(f"{study.label!r} beside {seen[name]!r}", allowed))
        seen.setdefault(name, study.label)
    return faults
