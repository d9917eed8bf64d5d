"""What changed between two runs: two results documents in, a list of changes out."""

from analysis.changes.between import changes_between
from analysis.changes.words import ORDER, WHY_NOT_SPLIT, WORDS, in_order_of_weight

__all__ = ["ORDER", "WHY_NOT_SPLIT", "WORDS", "changes_between", "in_order_of_weight"]
