"""Numbers as text live in `rnnviz.numbers`; here for those who still look for them in the old place."""

from rnnviz.numbers import MINUS, _half_up, decimals, of_log10, significant

__all__ = ["MINUS", "_half_up", "decimals", "of_log10", "significant"]
