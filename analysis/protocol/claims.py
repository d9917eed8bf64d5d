"""claims.toml: the sentences that a review puts to the test, and the rule of each."""

from pathlib import Path

from analysis.declared import Declared, Field, one_of, read_declared, read_fields
from analysis.faults import Fault
from analysis.results import RATIOS, Claim, ClaimPart, Comparison

BOUNDS = {"favours": 0, "at-most": 1, "at-least": 1, "within": 2, "equivalent": 1, "reproduces": 1}
KINDS = ("effectiveness", "risk factor", "mechanism", "dose", "certainty", "before-after", "reproduces a trial")

HOLM = ("shown", "required")

TOP = (
    Field("defaults", "table", "What holds for all claims"),
    Field("claim", "tables", "The claims, each headed [[claim]]", True),
)
DEFAULTS = (Field("holm", "choice", "Whether a verdict must hold after Holm's rule over all claims", choices=HOLM),)
CLAIM = (
    Field("id", "text", "The id, such as C8", True),
    Field("text", "text", "What is claimed, in a sentence", True),
    Field("kind", "choice", "What kind of claim it is", True, KINDS),
    Field("source", "text", "Who claims it, and where", True),
    Field("part", "tables", "What is tested, each headed [[claim.part]]"),
    Field("tested_as", "text", "What its parts test, where that is less than the claim says"),
    Field("needs", "text", "What evidence would test it, when no comparison can"),
)
PART = (
    Field("comparison", "id", "The id of a comparison", True),
    Field("rule", "choice", "The rule", True, tuple(BOUNDS)),
    Field("bound", "numbers", "The bound or bounds of the rule, in units of the effect; ratios as ratios"),
    Field("on", "choice", "Judged on the average or on a new setting", choices=("average", "prediction")),
    Field("basis", "choice", "Our own pool, or each published pooling", choices=("own", "published")),
    Field("towards", "choice", "Which side favours names", choices=("experimental", "control")),
    Field("min_trials", "integer", "The fewest trials that a verdict rests on"),
)


def read_claims(
    path: Path, where: str, comparisons: tuple[Comparison, ...], directions: dict[str, str]
) -> tuple[tuple[Claim, ...], str, list[Fault]]:
    """Return the claims in their order, the word of HOLM that holds for them, and every fault of the file.

    Args:
        path: claims.toml.
        where: How the file is named in a fault.
        comparisons: The comparisons that parts may name.
        directions: Which way is good news, by outcome code.
    """
    file = read_declared(path, where)
    if isinstance(file, Fault):
        return (), HOLM[0], [file]
    top, faults = read_fields(file, "", file.data, TOP)
    defaults, found = read_fields(file, "defaults", top.get("defaults", {}), DEFAULTS)
    faults += found
    claims, number_of_part = [], 0
    for number, table in enumerate(top.get("claim", [])):
        values, found = read_fields(file, "claim", table, CLAIM, number)
        parts = []
        for part_table in values.pop("part", []):
            part, more = read_part(file, number_of_part, part_table, comparisons, directions)
            number_of_part += 1
            found += more
            parts += [part] if part else []
        found += check_claim(file, number, values, parts, claims) if not found else []
        faults += found
        if not found:
            claims.append(Claim(**values, parts=tuple(parts)))
    return tuple(claims), defaults.get("holm", HOLM[0]), faults


def check_claim(file: Declared, number: int, values: dict, parts: list, claims: list[Claim]) -> list[Fault]:
    """Return faults of a doubled id, and of a claim with neither a part nor what it would need."""
    faults = []
    if values["id"] in {claim.id for claim in claims}:
        faults.append(file.fault("claim", number, "id", f"found {values['id']!r} again", "Each id stands once"))
    if not parts and "needs" not in values:
        allowed = "A claim has a [[claim.part]], or needs = what evidence would test it"
        faults.append(file.fault("claim", number, "id", "nothing to test it with", allowed))
    return faults


def read_part(
    file: Declared, number: int, table: dict, comparisons: tuple[Comparison, ...], directions: dict[str, str]
) -> tuple[ClaimPart | None, list[Fault]]:
    """Return one part of a claim, or None and its faults."""
    values, faults = read_fields(file, "claim.part", table, PART, number)
    if faults:
        return None, faults
    known = {comparison.id: comparison for comparison in comparisons}
    if values["comparison"] not in known:
        allowed = f"{one_of(values['comparison'], tuple(known))} of comparisons.toml"
        return None, [file.fault("claim.part", number, "comparison", f"found {values['comparison']!r}", allowed)]
    part, comparison = ClaimPart(**values), known[values["comparison"]]
    wrong = check_rule(part, comparison, directions[comparison.outcome])
    return part, [file.fault("claim.part", number, key, found, allowed) for key, found, allowed in wrong]


def check_rule(part: ClaimPart, comparison: Comparison, better: str) -> list[tuple[str, str, str]]:
    """Return (key, found, allowed) for what in a rule does not go with its comparison."""
    wrong, wanted = [], BOUNDS[part.rule]
    if len(part.bound) != wanted:
        wrong.append(("bound", f"{len(part.bound)} bounds", f"{part.rule} takes {wanted}"))
    if part.rule == "within" and len(part.bound) == 2 and part.bound[0] >= part.bound[1]:
        wrong.append(("bound", f"{part.bound[0]:g} is not below {part.bound[1]:g}", "The lower bound comes first"))
    if comparison.measure in RATIOS and any(bound <= 0 for bound in part.bound):
        wrong.append(("bound", "a bound that is not above 0", f"{comparison.measure} is a ratio: bounds are above 0"))
    if part.rule == "favours" and better == "none":
        wrong.append(
            ("rule", f"favours, of {comparison.outcome}", "No way is good news there: use at-most or at-least")
        )
    if part.basis == "published" and not (part.rule == "favours" or part.bound == (0.0,)):
        allowed = "Published poolings have scales of their own: use favours, or at-most or at-least with bound 0"
        wrong.append(("rule", f"{part.rule} on published poolings", allowed))
    return wrong
