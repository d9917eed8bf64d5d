"""The papers that a method is cited by: by the codes of the engine, each as docs/methods.md names it."""

from collections.abc import Iterable, Mapping

TAU2_CITATIONS = {
    "DL": "DerSimonian and Laird 1986, doi:10.1016/0197-2456(86)90046-2",
    "PM": "Paule and Mandel 1982, doi:10.6028/jres.087.022",
    "EB": "Paule and Mandel 1982, doi:10.6028/jres.087.022",
    "REML": "Viechtbauer 2005, doi:10.3102/10769986030003261",
    "ML": "Viechtbauer 2005, doi:10.3102/10769986030003261",
    "HE": "Hedges and Olkin 1985",
    "SJ": "Sidik and Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x",
    "HS": "Viechtbauer 2005, doi:10.3102/10769986030003261",
    "HSk": "Brannick et al. 2019, doi:10.1177/1094428117741966",
    "PMM": "Viechtbauer 2021, European Congress of Methodology",
    "DL2": "DerSimonian and Kacker 2007, doi:10.1016/j.cct.2006.04.004",
    "CA2": "DerSimonian and Kacker 2007, doi:10.1016/j.cct.2006.04.004",
}
HARTUNG_KNAPP = "Knapp and Hartung 2003, doi:10.1002/sim.1482"
INTERVAL_CITATIONS = {
    "hksj": (HARTUNG_KNAPP,),
    "hksj-floor": (HARTUNG_KNAPP, "Jackson et al. 2017, Statistics in Medicine 36:3923"),
    "cr2": ("Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004",),
}
MULTILEVEL = "Konstantopoulos 2011, doi:10.1002/jrsm.35"
MEASURE_CITATIONS = {
    "SMD": "Hedges 1981, doi:10.3102/10769986006002107",
    "PETO": "Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7",
}
MANTEL_AND_HAENSZEL = "Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719"
TABLE_CITATIONS = {  # the method, and the standard error of its measure
    "OR": (MANTEL_AND_HAENSZEL, "Robins, Breslow and Greenland 1986, doi:10.2307/2531052"),
    "RR": (MANTEL_AND_HAENSZEL, "Greenland and Robins 1985, doi:10.2307/2530643"),
    "RD": (MANTEL_AND_HAENSZEL, "Sato, Greenland and Robins 1989, Biometrics 45:1323"),
}
HETEROGENEITY = "Higgins and Thompson 2002, doi:10.1002/sim.1186"
Q_PROFILE = "Viechtbauer 2007, doi:10.1002/sim.2514"
PREDICTION = "Riley, Higgins and Deeks 2011, doi:10.1136/bmj.d549"
CHECKLIST = "Page MJ and others. The PRISMA 2020 statement. BMJ 2021;372:n71, doi:10.1136/bmj.n71"


class References:
    """Papers numbered in the order they are first cited."""

    def __init__(self) -> None:
        self.cited: dict[str, int] = {}

    def cite(self, papers: Iterable[str]) -> str:
        """Return the numbers of papers in brackets, with the space before them; nothing for no paper."""
        numbers = [self.cited.setdefault(paper, len(self.cited) + 1) for paper in papers]
        return f" [{', '.join(map(str, numbers))}]" if numbers else ""

    def cite_from(self, table: Mapping[str, str], code: str) -> str:
        """Return the number of the paper that a table has for a code; nothing when it has none."""
        return self.cite([table[code]] if code in table else [])
