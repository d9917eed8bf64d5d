"""A comparison of the protocol and the rows that answer it, turned into what the evidence says."""

from analysis.synthesis.comparison import NOT_ASKED, synthesise_comparison
from analysis.synthesis.deriving import CAUTIONS
from analysis.synthesis.group import synthesise_group
from analysis.synthesis.network import synthesise_network
from analysis.synthesis.not_fitted import NOT_FITTED
from analysis.synthesis.relevant import Relevance
from analysis.synthesis.selection import REASONS

__all__ = ["CAUTIONS", "NOT_ASKED", "NOT_FITTED", "REASONS", "Relevance", "synthesise_comparison", "synthesise_group",
           "synthesise_network"]
