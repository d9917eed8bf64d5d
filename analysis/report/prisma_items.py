"""The items of the PRISMA 2020 checklist in our own words, each under its number and topic.

Source: Page MJ and others, BMJ 2021;372:n71, doi:10.1136/bmj.n71; the order and numbers are theirs.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One line of the checklist: its number, the part of a paper it belongs to, its topic, what it asks."""

    number: str
    part: str
    topic: str
    asks: str


ITEMS = (
    Item("1", "Title", "Title", "The title says that this is a systematic review."),
    Item("2", "Abstract", "Abstract", "A structured abstract."),
    Item("3", "Introduction", "Rationale", "Why the review is needed, given what is known."),
    Item("4", "Introduction", "Objectives", "The questions the review answers."),
    Item("5", "Methods", "Eligibility", "Which studies count, and how they are grouped for synthesis."),
    Item("6", "Methods", "Information sources", "Every place searched, each with the date of the last search."),
    Item("7", "Methods", "Search strategy", "The full search of each place, with its filters and limits."),
    Item("8", "Methods", "Selection", "How studies were selected: by how many people, whether independently."),
    Item("9", "Methods", "Data collection", "How figures were collected: by how many people, how checked."),
    Item("10a", "Methods", "Outcomes", "Outcomes sought, and which of several results was taken."),
    Item("10b", "Methods", "Other variables", "What else was sought: people, treatments, funding; what was assumed."),
    Item("11", "Methods", "Risk of bias", "How risk of bias in the studies was judged, with which tool, by whom."),
    Item("12", "Methods", "Effect measures", "The measure of effect of each outcome."),
    Item("13a", "Methods", "Synthesis: eligibility", "How it was decided which studies enter which synthesis."),
    Item("13b", "Methods", "Synthesis: preparation", "How figures were converted, or made when missing."),
    Item("13c", "Methods", "Synthesis: display", "How results are tabulated and drawn."),
    Item("13d", "Methods", "Synthesis: model", "How results were pooled: model, estimator, heterogeneity, software."),
    Item("13e", "Methods", "Synthesis: heterogeneity", "How causes of heterogeneity were explored."),
    Item("13f", "Methods", "Synthesis: sensitivity", "Which sensitivity analyses were done."),
    Item("14", "Methods", "Reporting bias", "How bias from results that are missing was looked for."),
    Item("15", "Methods", "Certainty", "How certainty in the evidence was judged."),
    Item("16a", "Results", "Selection", "What search and selection found, best with a flow diagram."),
    Item("16b", "Results", "Left out", "Studies that seem to count and were left out, with the reason."),
    Item("17", "Results", "Study characteristics", "Each study with its citation and characteristics."),
    Item("18", "Results", "Risk of bias in studies", "The judgement of each study."),
    Item("19", "Results", "Results of studies", "Each study's summary figures, effect and interval."),
    Item("20a", "Results", "Syntheses: studies", "The studies in each synthesis, their characteristics and bias."),
    Item("20b", "Results", "Syntheses: results", "Each average with its interval, heterogeneity and direction."),
    Item("20c", "Results", "Syntheses: heterogeneity", "What was found of causes of heterogeneity."),
    Item("20d", "Results", "Syntheses: sensitivity", "What the sensitivity analyses gave."),
    Item("21", "Results", "Reporting biases", "Bias from missing results, for each synthesis."),
    Item("22", "Results", "Certainty of evidence", "Certainty in the evidence of each outcome."),
    Item("23a", "Discussion", "Interpretation", "What the results mean beside other evidence."),
    Item("23b", "Discussion", "Limits of the evidence", "What limits the evidence."),
    Item("23c", "Discussion", "Limits of the review", "What limits the way the review was made."),
    Item("23d", "Discussion", "Implications", "What follows for practice, policy and research."),
    Item("24a", "Other information", "Registration", "Where the review is registered, or that it is not."),
    Item("24b", "Other information", "Protocol", "Where the protocol is, or that there is none."),
    Item("24c", "Other information", "Amendments", "What was changed after registration or in the protocol."),
    Item("25", "Other information", "Support", "Who paid, and what part they took."),
    Item("26", "Other information", "Competing interests", "Competing interests of the authors."),
    Item("27", "Other information", "Availability", "Which data, code and other material are open, and where."),
)
