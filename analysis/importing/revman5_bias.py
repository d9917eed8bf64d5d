"""Risk of bias of a RevMan 5 file: the QUALITY_ITEMs that are domains of RoB 1, for each study that has judgements.

RevMan keeps a judgement as RESULT: YES for a low risk, NO for a high one, UNKNOWN for an unclear one. An item of LEVEL
GROUP is judged for groups of outcomes; judgements that differ between them are said, not weighed.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element

from analysis.declared import LONGEST
from analysis.evidence.bias_tools import shipped_tools
from analysis.importing.source import Assessed

TOOL = "rob1"
RESULTS = {"YES": "low", "NO": "high", "UNKNOWN": "unclear", "UNCLEAR": "unclear"}
DIFFERS, UNJUDGED = "differs by outcome", "no information"
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\b")
ITEMS = {  # as RevMan 5 has named them since 2008, without a question mark and what stands in brackets
    "sequence": ("random sequence generation", "adequate sequence generation", "sequence generation"),
    "concealment": ("allocation concealment",),
    "blinded-people": ("blinding of participants and personnel",),
    "blinded-assessors": ("blinding of outcome assessment",),
    "missing-data": ("incomplete outcome data", "incomplete outcome data addressed"),
    "reporting": ("selective reporting", "free of selective reporting", "selective outcome reporting"),
    "other": ("other bias", "free of other bias", "other sources of bias"),
    "overall": ("overall bias", "overall risk of bias", "overall"),
}
KNOWN = {name: item for item, names in ITEMS.items() for name in names}
Judgement = tuple[str, str]  # the word and its reason


def read_bias(root: Element, names: Mapping[str, str], rater: str) -> tuple[dict[str, Assessed], list[str]]:
    """Return how each study of a RevMan 5 file was judged, by its name, and what a person must know of it.

    Args:
        root: The file.
        names: The names of its studies by their ids.
        rater: The review, which printed the judgements.
    """
    found: dict[str, dict[str, list[tuple[str, Judgement]]]] = defaultdict(lambda: defaultdict(list))
    days: dict[str, str] = {}
    notices = []
    for item in root.iter("QUALITY_ITEM"):
        entries = [one for one in item.iter("QUALITY_ITEM_DATA_ENTRY") if one.get("RESULT", "").upper() in RESULTS]
        domain, groups = domain_of(item), groups_of(item)
        if domain is None and entries:
            notices.append(f"Risk of bias, {text_of(item.find('NAME'))!r}: left out, it is no domain of RoB 1.")
            continue
        for entry in entries:
            study = names.get(entry.get("STUDY_ID", ""))
            if study is not None:
                found[study][domain].append((groups.get(entry.get("GROUP_ID", ""), ""), judgement_of(entry)))
                days[study] = max(days.get(study, ""), day_of(entry))
    undated = day_of(root)
    assessed = {
        study: assessment(domains, rater, days[study] or undated)
        for study, domains in found.items()
        if days[study] or undated
    }
    notices += told(found, assessed)
    return assessed, notices


def told(found: Mapping[str, object], assessed: Mapping[str, Assessed]) -> list[str]:
    """Return what a person must know of the judgements that came in, and of those that did not."""
    notices = [f"{study}: its risk of bias was left out, nothing says when it was judged." for study in found
               if study not in assessed]  # fmt: skip
    differ = [f"{study} ({domain})" for study, one in assessed.items() for domain, (word, _) in one.domains.items()
              if word == DIFFERS]  # fmt: skip
    if differ:
        notices.append(
            f"Risk of bias differs between groups of outcomes: {', '.join(differ)}. Each outcome can have its own "
            "[[risk_of_bias]] in metadata.toml."
        )
    return notices


def domain_of(item: Element) -> str | None:
    """Return the domain of RoB 1 that an item is named for, or overall; None for another item."""
    name = re.sub(r"\(.*?\)|[?.:]", " ", text_of(item.find("NAME")))
    return KNOWN.get(" ".join(name.casefold().split()))


def groups_of(item: Element) -> dict[str, str]:
    return {one.get("ID", ""): text_of(one.find("NAME")) for one in item.iter("QUALITY_ITEM_DATA_ENTRY_GROUP")}


def judgement_of(entry: Element) -> Judgement:
    reason = text_of(entry.find("DESCRIPTION"))
    return RESULTS[entry.get("RESULT", "").upper()], reason or "The RevMan file gives no reason"


def day_of(element: Element) -> str:
    """Return the day on which an element was last changed; empty where that is not said."""
    match = DAY.match(element.get("MODIFIED", ""))
    try:
        return date.fromisoformat(match[1]).isoformat() if match else ""
    except ValueError:
        return ""


def assessment(domains: Mapping[str, list[tuple[str, Judgement]]], rater: str, day: str) -> Assessed:
    """Return an assessment with a judgement of each domain; one that the file does not judge has no information."""
    judged = {one.id: joined(domains.get(one.id, [])) for one in shipped_tools()[TOOL].domains}
    overall = joined(domains["overall"]) if "overall" in domains else None
    return Assessed(TOOL, rater, date.fromisoformat(day), judged, overall)


def joined(entries: list[tuple[str, Judgement]]) -> Judgement:
    """Return the one judgement of a domain, or that its groups of outcomes differ, with each of them as the reason."""
    if not entries:
        return UNJUDGED, "The RevMan file holds no judgement of it"
    words = {word for _, (word, _) in entries}
    if len(entries) == 1:
        return entries[0][1]
    reasons = [f"{group or 'All outcomes'}: {word}. {reason}" for group, (word, reason) in entries]
    return (words.pop() if len(words) == 1 else DIFFERS), " ".join(reasons)[:LONGEST]


def text_of(element: Element | None) -> str:
    """Return the text of an element on one line that can be printed, as long as a reason may be."""
    words = " ".join(" ".join(element.itertext()).split()) if element is not None else ""
    return "".join(letter for letter in words if letter.isprintable())[:LONGEST]
