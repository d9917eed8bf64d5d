"""References for the tests of bibliographies: two real citations, and invented ones with hostile text."""

from analysis.bibliography import reference_of
from analysis.results import Dataset, Metadata, Source, Study

HOSTILE = "}, title={x} \\input{/etc/passwd} @article{y, 100% & #1_2^3~4 $x$ \"q\" <b> \u202e \n TY  - JOUR"


def dataset(id: str, title: str, citation: str, year: int | None = None, **source: str) -> Dataset:
    return Dataset(id, Metadata(id, title, "Nobody", Source(citation, **source), Study("rct", year=year)), (), ())


DATASETS = (
    dataset(
        "dolak-2011",
        "Hip strengthening prior to functional exercises reduces pain sooner than quadriceps strengthening in females "
        "with patellofemoral pain syndrome: a randomized clinical trial",
        "Dolak KL, Silkman C, Medina McKeon J, Hosey RG, Lattermann C, Uhl TL. Hip strengthening prior to functional "
        "exercises reduces pain sooner than quadriceps strengthening in females with patellofemoral pain syndrome: a "
        "randomized clinical trial. J Orthop Sports Phys Ther 2011;41(8):560-570 (erratum 2011;41(9):700)",
        2011,
        doi="10.2519/jospt.2011.3499",
    ),
    dataset("et-al", "Invented title?", "van Invented R, et al. Invented title? BMJ 2009;339:b4074", pmid="123"),
    dataset("hostile", HOSTILE, HOSTILE, doi=f"10.1000/{HOSTILE}", url=HOSTILE),
    dataset("not-seen", "Invented 2007 (title not seen)", "Invented 2007 (details not seen)"),
)
REFERENCES = tuple(reference_of(one) for one in DATASETS)
