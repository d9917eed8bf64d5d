"""What changed in the methods: lines of the protocol, entries of the vocabulary, programs and code."""

from collections.abc import Iterator
from dataclasses import fields

from analysis.changes.pair import Pair, said
from analysis.changes.places import (
    CLAIMS,
    COMPARISONS,
    Place,
    place_of_entry,
    place_of_part,
    place_of_setting,
)
from analysis.results import About, Change, Claim, ClaimPart, Comparison, Origin, Run

SHOWN = "shown"  # Holm's rule beside the verdicts, as claims.toml has it where it says nothing
SOURCES = ("data", "protocol")


def review_changes(pair: Pair) -> Iterator[Change]:
    """Give the keys of [review] that the protocol says otherwise now."""
    for field in fields(About):
        before, now = (getattr(run.about, field.name) for run in (pair.old, pair.new))
        if before != now:
            file = pair.new_files.get(COMPARISONS)
            line = file.line("review", 0, field.name) if file else None
            yield Change("methods", "review", "setting", f"{field.name} = {before}", f"{field.name} = {now}",
                         origins=(Origin(COMPARISONS, None, line, field.name, before, now),))  # fmt: skip


def holm_changes(pair: Pair) -> Iterator[Change]:
    """Give that verdicts must hold after Holm's rule now, or no longer; a run before it was looked at only shows it."""
    before, now = (run.multiplicity.setting if run.multiplicity else SHOWN for run in (pair.old, pair.new))
    if before != now:
        file = pair.new_files.get(CLAIMS)
        line = file.line("defaults", 0, "holm") if file and "holm" in file.data.get("defaults", {}) else None
        yield Change("methods", "review", "setting", f"holm = {before}", f"holm = {now}",
                     origins=(Origin(CLAIMS, None, line, "holm", before, now),))  # fmt: skip


def setting_changes(pair: Pair, old: Comparison, new: Comparison) -> Iterator[Change]:
    """Give each key of a comparison that the protocol says otherwise now, with the line that says so."""
    for field in fields(Comparison):
        before, now = getattr(old, field.name), getattr(new, field.name)
        if before == now:
            continue
        place = place_of_setting(pair.new_files, new, field.name) or place_of_setting(pair.old_files, old, field.name)
        place = place or Place(COMPARISONS, None)
        yield Change("methods", new.id, "setting", f"{field.name} = {said(before)}", f"{field.name} = {said(now)}",
                     origins=(Origin(place.file, None, place.line, field.name, said(before), said(now)),))  # fmt: skip


def comparison_came(pair: Pair, id: str) -> Change:
    place = place_of_entry(pair.new_files, COMPARISONS, "comparison", id)
    return Change("methods", id, "new-comparison", origins=(Origin(place.file, None, place.line, new=id),))


def comparison_went(pair: Pair, id: str) -> Change:
    place = place_of_entry(pair.old_files, COMPARISONS, "comparison", id)
    return Change("methods", id, "comparison-removed", origins=(Origin(place.file, None, place.line, old=id),))


def claim_came(pair: Pair, id: str, verdict: str) -> Change:
    place = place_of_entry(pair.new_files, CLAIMS, "claim", id)
    return Change("methods", id, "new-claim", None, verdict, origins=(Origin(place.file, None, place.line, new=id),))


def claim_went(pair: Pair, id: str, verdict: str) -> Change:
    place = place_of_entry(pair.old_files, CLAIMS, "claim", id)
    return Change("methods", id, "claim-removed", verdict, origins=(Origin(place.file, None, place.line, old=id),))


def claim_changes(pair: Pair, old: Claim, new: Claim) -> Iterator[Change]:
    """Give what of a claim the protocol says otherwise now: its rule, or its words."""
    rule = tuple(rule_origins(pair, old, new))
    if rule:
        yield Change("methods", new.id, "rule", origins=rule)
    for name in ("text", "kind", "source", "needs"):
        before, now = getattr(old, name), getattr(new, name)
        if before != now:
            line = place_of_entry(pair.new_files, CLAIMS, "claim", new.id).line
            yield Change("methods", new.id, "claim-text", before, now,
                         origins=(Origin(CLAIMS, None, line, name, before, now),))  # fmt: skip


def rule_origins(pair: Pair, old: Claim, new: Claim) -> Iterator[Origin]:
    """Give the keys of a claim's parts that differ, each with its line, and the parts that came or went."""
    for index in range(max(len(old.parts), len(new.parts))):
        if index >= len(old.parts):
            line = place_of_part(pair.new_files, new.id, index, None).line
            yield Origin(CLAIMS, None, line, f"part {index + 1}", None, new.parts[index].rule)
        elif index >= len(new.parts):
            line = place_of_part(pair.old_files, old.id, index, None).line
            yield Origin(CLAIMS, None, line, f"part {index + 1}", old.parts[index].rule, None)
        else:
            yield from part_origins(pair, new.id, index, old.parts[index], new.parts[index])


def part_origins(pair: Pair, claim: str, index: int, old: ClaimPart, new: ClaimPart) -> Iterator[Origin]:
    for field in fields(ClaimPart):
        before, now = getattr(old, field.name), getattr(new, field.name)
        if before != now:
            line = place_of_part(pair.new_files, claim, index, field.name).line
            yield Origin(CLAIMS, None, line, field.name, said(before), said(now))


def vocabulary_changes(pair: Pair) -> Iterator[Change]:
    """Give the entries of the vocabulary that came, went or say something else, with their lines."""
    for (section, code), origins in pair.vocabulary.items():
        yield Change("methods", f"{section}.{code}", "vocabulary", origins=origins)


def version_changes(pair: Pair) -> Iterator[Change]:
    """Give the programs whose version, and the code whose fingerprint, is another."""
    for one in programs(pair.old, pair.new):
        yield Change("methods", one.file, "versions", one.old, one.new)


def programs(old: Run, new: Run) -> tuple[Origin, ...]:
    """Return code and programs that are not the same in two runs: file is "code" or the program's name."""
    return tuple(one for one in made_from(old, new) if one.file not in SOURCES and one.old != one.new)


def made_from(old: Run, new: Run) -> tuple[Origin, ...]:
    """Return the fingerprints of data, protocol and code, and the version of each program, in both runs."""
    one, other = old.fingerprints, new.fingerprints
    named = [Origin(name, old=getattr(one, name), new=getattr(other, name)) for name in (*SOURCES, "code")]
    before, now = dict(one.versions), dict(other.versions)
    names = dict.fromkeys([*now, *before])
    return (*named, *(Origin(name, old=before.get(name), new=now.get(name)) for name in names))
