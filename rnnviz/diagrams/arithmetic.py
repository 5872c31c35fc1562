"""How many digits make a printed sum or product come out right: the player's rule (core/digits.js), for prose.

A line such as "0.1384 and −1.091: 0.255" holds if the right-hand side, worked out from its numbers as they are printed
and rounded as the result is printed, is the result as it is printed.
"""

from collections.abc import Callable, Sequence

from rnnviz.numbers import MINUS, significant

MOST = 12
_POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def digits_for(
    operands: Sequence[float], result: float, rule: Callable[[list[float]], float], digits: int = 3, least: int = 3
) -> int:
    """How many significant digits the operands need.

    Args:
        operands: the numbers of the right-hand side.
        result: what `rule(operands)` is, or very nearly is.
        rule: works the right-hand side out, as `math.fsum` and `math.prod` do.
        digits: with how many significant digits the result is printed.
        least: how many the operands have at least; where no number of digits up to MOST will do, they get MOST.
    """
    wanted = significant(result, digits)
    for count in range(least, MOST):
        if significant(rule([as_printed(value, count) for value in operands]), digits) == wanted:
            return count
    return MOST


def as_printed(value: float, digits: int = 3) -> float:
    """The number that the text `significant(value, digits)` stands for; `value` must be finite."""
    mantissa, _, power = significant(value, digits).replace(MINUS, "-").partition("×10")
    return float(f"{mantissa}e{power.translate(_POWERS) or 0}")
