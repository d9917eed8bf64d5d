"""All evidence of a review as one noun.

It stands in a file of its own, from which no import leads to DuckDB: Prefect keeps what a task returned until the end,
and with it the modules of its class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.evidence.codebook import Codebook
from analysis.evidence.same_people import Link, find_links, people_by_study
from analysis.results import ArmRow, ContrastRow, Dataset, PoolingRow


@dataclass(frozen=True)
class Evidence:
    """Every dataset of a review and every row of it, in the order of ids and lines; or the part that a question needs.

    A part is given whom its studies are about, since doubles are found in the whole alone.
    """

    codebook: Codebook
    datasets: tuple[Dataset, ...]
    arms: tuple[ArmRow, ...]
    contrasts: tuple[ContrastRow, ...]
    poolings: tuple[PoolingRow, ...]
    known_people: Mapping[str, str] | None = None  # of a part: `people` of the whole

    @cached_property
    def links(self) -> list[Link]:
        """Pairs of datasets that seem to report the same people, where neither says so."""
        return find_links(self.datasets, self.arms, self.contrasts)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """For each dataset the one that stands for its people."""
        if self.known_people is not None:
            return self.known_people
        return people_by_study(self.datasets, self.links)
