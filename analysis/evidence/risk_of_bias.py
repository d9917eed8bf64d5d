"""[risk_of_bias] of metadata.toml: judgements that a person made and signed, read in the words of their tool."""

from collections.abc import Iterable

from analysis.declared import KINDS, Declared, Field, one_of, read_fields
from analysis.evidence.bias_tools import NONE, WORST_DOMAIN, BiasDomain, BiasTool
from analysis.evidence.codebook import Codebook
from analysis.faults import Fault
from analysis.results import BiasJudgement, Dataset, RawTable, RiskOfBias

SECTION, DOMAINS = "risk_of_bias", "risk_of_bias.domains"
ASSESSMENT = (
    Field("tool", "text", "The code of the tool", True),
    Field("outcome", "text", "The outcome code it is about; left out: every result of the study"),
    Field("study", "text", "The study it is about, when the source reports several"),
    Field("rater", "text", "The person who judged, or the review that printed the judgement", True),
    Field("rated", "date", "The day of the judgement", True),
    Field("overall", "text", "The overall judgement, in the tool's words; needed unless the tool has none"),
    Field("overall_reason", "text", "Why; needed where it is milder than the worst domain"),
    Field("domains", "table", "A judgement and a reason for each domain of the tool", True),
)
REASON = Field("reason", "text", "What the judgement rests on", True)
FORM = 'A domain is written as { judgement = "low", reason = "what it rests on" }'


def read_assessments(
    file: Declared, tables: list[dict], design: str | None, codebook: Codebook | None
) -> tuple[tuple[RiskOfBias, ...], list[Fault]]:
    """Return the assessments of a dataset that are sound, and the faults of the others.

    Args:
        file: metadata.toml.
        tables: Its tables [[risk_of_bias]].
        design: The design of the study, where that could be read.
        codebook: The review's codes; None when they could not be read: nothing is then checked.
    """
    found, faults = [], []
    for number, table in enumerate(tables if codebook else []):
        values, wrong = read_fields(file, SECTION, table, ASSESSMENT, number)
        tool, refused = tool_for(file, number, values, design, codebook)
        wrong += refused + check_outcome(file, number, values, codebook)
        if tool:
            domains, more = read_domains(file, number, values.pop("domains", {}), tool)
            wrong += more or check_overall(file, number, values, domains, tool)
        if not wrong:
            found.append(assessment(values, domains, tool))
        faults += wrong
    return tuple(found), faults or check_twice(file, found)


def assessment(values: dict, domains: tuple[BiasJudgement, ...], tool: BiasTool) -> RiskOfBias:
    word, reason = values.pop("overall", None), values.pop("overall_reason", None)
    said = (word, reason) if word else (tool.unjudged, f"{tool.label} has no overall judgement")
    overall = judged(tool, BiasDomain("overall", "Overall", "Overall"), *said)
    return RiskOfBias(**values, tool_label=tool.label, overall=overall, domains=domains)


def judged(tool: BiasTool, domain: BiasDomain, word: str, reason: str | None) -> BiasJudgement:
    said = tool.judged(word)
    rank = tool.words.index(word)
    return BiasJudgement(domain.id, domain.short, domain.label, said.word, said.letter, said.level, rank, reason)


def tool_for(
    file: Declared, number: int, values: dict, design: str | None, codebook: Codebook
) -> tuple[BiasTool | None, list[Fault]]:
    """Return the tool of an assessment, or None and why it is none for this study."""
    if "tool" not in values:
        return None, []
    code, tool = values["tool"], codebook.bias_tools.get(values["tool"])
    if tool is None:
        return None, [file.fault(SECTION, number, "tool", f"found {code!r}", one_of(code, tuple(codebook.bias_tools)))]
    if tool.designs and design and design not in tool.designs:
        allowed = f"{tool.label} is for {', '.join(tool.designs)}"
        return None, [file.fault(SECTION, number, "tool", f"{code!r} for a study of design {design!r}", allowed)]
    return tool, []


def check_outcome(file: Declared, number: int, values: dict, codebook: Codebook) -> list[Fault]:
    """Return a fault where an assessment is about an outcome that the vocabulary does not have."""
    outcome = values.get("outcome")
    if outcome is None or outcome in codebook.outcomes:
        return []
    allowed = f"{one_of(outcome, tuple(codebook.outcomes))} of vocabulary.toml [outcomes]"
    return [file.fault(SECTION, number, "outcome", f"found {outcome!r}", allowed)]


def read_domains(
    file: Declared, number: int, table: dict, tool: BiasTool
) -> tuple[tuple[BiasJudgement, ...], list[Fault]]:
    """Return the judgement of each domain of a tool, or every fault of them."""
    known = tuple(domain.id for domain in tool.domains)
    faults = [
        file.fault(DOMAINS, number, name, f"no domain of {tool.label}", one_of(name, known))
        for name in table
        if name not in known
    ]
    judgements = []
    for domain in tool.domains:
        if domain.id not in table:
            allowed = f"{domain.label}: each domain of {tool.label} is judged; no information is a judgement"
            faults.append(file.fault(DOMAINS, number, domain.id, "it is missing", allowed))
        elif wrong := check_domain(table[domain.id], tool):
            faults.append(file.fault(DOMAINS, number, domain.id, *wrong))
        else:
            entry = table[domain.id]
            judgements.append(judged(tool, domain, entry["judgement"], KINDS["text"](entry["reason"], REASON)))
    return tuple(judgements), faults


def check_domain(entry: object, tool: BiasTool) -> tuple[str, str] | None:
    """Return what was found and what is allowed where a domain's entry is not sound; None where it is."""
    if not isinstance(entry, dict) or set(entry) != {"judgement", "reason"}:
        held = f"the keys {', '.join(map(repr, entry))}" if isinstance(entry, dict) else "no table"
        return f"found {held}" if entry != {} else "found no key", FORM
    if entry["judgement"] not in tool.words:
        return f"judgement {str(entry['judgement'])[:60]!r}", one_of(str(entry["judgement"]), tool.words)
    try:
        KINDS["text"](entry["reason"], REASON)
    except ValueError as error:
        return "a reason that is none", str(error)
    return None


def check_overall(
    file: Declared, number: int, values: dict, domains: tuple[BiasJudgement, ...], tool: BiasTool
) -> list[Fault]:
    """Return faults of an overall judgement: left out, no word of the tool, or milder than its worst domain."""
    word = values.get("overall")
    if word is None and tool.overall == NONE:
        return []
    if word is None:
        return [file.fault(SECTION, number, "overall", "it is missing", "The overall judgement, in the tool's words")]
    if word not in tool.words:
        return [file.fault(SECTION, number, "overall", f"found {word!r}", one_of(word, tool.words))]
    worst = max(domains, key=lambda domain: tool.gravity(domain.judgement))
    milder = tool.overall == WORST_DOMAIN and tool.gravity(word) < tool.gravity(worst.judgement)
    if not milder or values.get("overall_reason"):
        return []
    found = f"{word!r}, where {worst.domain} is judged {worst.judgement!r}"
    allowed = f"Overall, {tool.label} is no milder than the worst domain; or overall_reason says why it is here"
    return [file.fault(SECTION, number, "overall", found, allowed)]


def check_twice(file: Declared, found: list[RiskOfBias]) -> list[Fault]:
    """Return a fault for each assessment of a study and outcome that has one."""
    places = [(one.study, one.outcome) for one in found]
    return [
        file.fault(SECTION, number, "tool", f"a second assessment of {about(*place)}", "Each result has one")
        for number, place in enumerate(places)
        if place in places[:number]
    ]


def about(study: str | None, outcome: str | None) -> str:
    return f"{outcome or 'every outcome'} of {study or 'the study'}"


def check_studies(
    assessments: tuple[RiskOfBias, ...], tables: Iterable[RawTable], where: str
) -> list[Fault]:
    """Return a fault for each assessment of a study that no row of the dataset is about."""
    studies = {
        row.cells[table.header.index("study")].strip()
        for table in tables if "study" in table.header
        for row in table.rows if len(row.cells) == len(table.header)
    }  # fmt: skip
    return [
        Fault(where, f"found {one.study!r}", one_of(one.study, tuple(sorted(studies))), column=f"[{SECTION}] study")
        for one in assessments
        if one.study is not None and one.study not in studies
    ]


def assessment_of(study: str, outcome: str, datasets: Iterable[Dataset]) -> RiskOfBias | None:
    """Return how a result of a study was judged: the assessment of its outcome, else that of the whole study.

    Args:
        study: The study's id.
        outcome: The outcome code of the result.
        datasets: The study's own folder and those its figures come from, in this order.
    """
    found = [
        one
        for dataset in datasets
        for one in dataset.metadata.risk_of_bias
        if (one.study or dataset.id) == study and one.outcome in (outcome, None)
    ]
    return min(found, key=lambda one: one.outcome is None, default=None)


def in_words_of(assessments: tuple[RiskOfBias, ...], codebook: Codebook) -> bool:
    """Say whether assessments read before are in the words that their tools have now."""
    return all(
        one.tool in codebook.bias_tools and one == reworded(one, codebook.bias_tools[one.tool]) for one in assessments
    )


def reworded(one: RiskOfBias, tool: BiasTool) -> RiskOfBias | None:
    """Return an assessment in the present words of its tool; None where the tool has others."""
    said = {judgement.domain: judgement for judgement in one.domains}
    if set(said) != {domain.id for domain in tool.domains}:
        return None
    if any(judgement.judgement not in tool.words for judgement in (*one.domains, one.overall)):
        return None
    domains = tuple(
        judged(tool, domain, said[domain.id].judgement, said[domain.id].reason) for domain in tool.domains
    )
    values = {"tool": one.tool, "rater": one.rater, "rated": one.rated, "outcome": one.outcome, "study": one.study,
              "overall": one.overall.judgement, "overall_reason": one.overall.reason}  # fmt: skip
    return assessment(values, domains, tool)
