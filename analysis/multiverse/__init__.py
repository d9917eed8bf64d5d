"""The multiverse: a comparison under every combination of the choices that could be defended."""

from analysis.multiverse.branches import branch_table
from analysis.multiverse.dimensions import ASKED, KEPT, POOLED
from analysis.multiverse.exploring import Explored, explore, explore_each
from analysis.multiverse.framing import frame

__all__ = ["ASKED", "KEPT", "POOLED", "Explored", "branch_table", "explore", "explore_each", "frame"]
