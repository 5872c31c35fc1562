"""Numbers as words: the filters of the language files.

    {{ loss|number }}                 three significant digits: 0.0776, −1.15, 2.00×10⁻⁹
    {{ loss|number(2) }}              two of them
    {{ change|signed }}               with its sign: +0.5, −0.5
    {{ rho|exact }}                   a setting as the reader has set it: 0.5, 12
    {{ loss|decimals(2) }}            two digits after the point
    {{ share|percent }}               12%; percent(1) 12.3%; what is more than nothing is never 0%
    {{ norm_log10|log10 }}            a number that is given by its logarithm, also where no float holds it
    {{ steps|count("step", "steps") }}    1 step, 2 steps
    {{ step|ordinal }}                1st, 2nd, 3rd
    {{ units|spelled }}               two, up to twelve; then digits
    {{ names|listed }}                a, b and c; listed("or")
    {{ index|joined }}                0, 3, 1
    {{ name|capital }}                its first letter as a capital

What is not finite is said in words: "not finite (NaN)". A filter gives `Shown`, which remembers the number that it
shows, so that a link to a setting gets the number itself and not its digits.
"""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any

from markupsafe import Markup, escape

from rnnviz import numbers

SPELLED = {"en": tuple("zero one two three four five six seven eight nine ten eleven twelve".split())}  # noqa: SIM905
AND = {"en": "and"}
NOT_FINITE = {"en": "not finite"}
LIKE_ONE, LIKE_TWO, LIKE_THREE = 1, 2, 3


class Shown(str):
    """A number in words or digits, and the number itself."""

    value: Any
    __slots__ = ("value",)

    def __new__(cls, text: str, value: Any) -> "Shown":
        self = super().__new__(cls, text)
        self.value = value
        return self


def is_number(value: object) -> bool:
    """Whether `value` is a number, NumPy's among them; a truth value is none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Whether `value` is of a whole type; 2.0 is not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def whole(value: Any) -> str:
    """A whole number with a true minus."""
    return str(int(value)).replace("-", numbers.MINUS)


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """All filters, in one language."""

    def finite(show: Callable[..., str]) -> Callable[..., Shown]:
        def shown(value: Any, *args: Any, **kwargs: Any) -> Shown:
            if not is_number(value):
                raise TypeError(f"{value!r} is not a number")
            if not isfinite(value) and not (show is _log10 and value < 0):
                return Shown(_not_finite(float(value), language), value)
            return Shown(show(value, *args, **kwargs), value)

        return shown

    def spelled(value: Any) -> str:
        words = SPELLED.get(language, ())
        return words[int(value)] if is_whole(value) and 0 <= value < len(words) else whole(value)

    def listed(items: Iterable[Any], last: str = AND.get(language, ",")) -> Markup:
        parts = [escape(item) for item in map(plain, items)]
        if len(parts) < 2:
            return Markup("").join(parts)
        return Markup(", ").join(parts[:-1]) + f" {last} " + parts[-1]

    def joined(items: Iterable[Any], between: str = ", ") -> Markup:
        return escape(between).join(map(plain, items))

    def ordinal(value: Any) -> str:
        return _english_ordinal(value) if language == "en" else f"{whole(value)}."

    return {
        "number": finite(_number),
        "signed": finite(_signed),
        "exact": finite(_exact),
        "decimals": finite(_decimals),
        "percent": finite(_percent),
        "log10": finite(_log10),
        "count": finite(_count),
        "ordinal": finite(ordinal),
        "spelled": finite(spelled),
        "listed": listed,
        "joined": joined,
        "capital": _capital,
    }


def plain(value: Any) -> str:
    """What a text may show as it is: words, markup, and whole numbers; a `TypeError` says what else would do."""
    if isinstance(value, str):
        return value
    if is_whole(value):
        return Shown(whole(value), int(value))
    if is_number(value):
        raise TypeError(f"{value!r} is a float: say how it is to be shown, for instance with |number")
    if isinstance(value, (list, tuple)):
        raise TypeError(f"{value!r} is a list: |listed makes it a, b and c")
    raise TypeError(f"{value!r} is neither text nor a number")


def _not_finite(value: float, language: str) -> str:
    return f"{NOT_FINITE.get(language, NOT_FINITE['en'])} ({numbers.significant(value)})"


def _number(value: Any, digits: int = 3) -> str:
    return whole(value) if is_whole(value) else numbers.significant(float(value), digits)


def _signed(value: Any, digits: int = 3) -> str:
    return ("+" if value > 0 else "") + _number(value, digits)


def _exact(value: Any) -> str:
    return f"{value:.10g}".replace("-", numbers.MINUS)


def _decimals(value: Any, places: int = 0) -> str:
    return numbers.decimals(float(value), places)


def _percent(value: Any, places: int = 0) -> str:
    """A share of one. What is not nothing does not read as 0%, nor what is not all as 100%."""
    smallest = Decimal(1).scaleb(-places)
    exact = Decimal(repr(float(value))) * 100
    shown = exact.quantize(smallest, ROUND_HALF_UP)
    if shown == 0 and exact != 0:
        return f"less than {smallest:f}%" if exact > 0 else f"more than {numbers.MINUS}{smallest:f}%"
    if shown == 100 and exact < 100:
        return f"more than {100 - smallest:f}%"
    return f"{shown:f}%".replace("-", numbers.MINUS)


def _log10(exponent: Any, digits: int = 3) -> str:
    return numbers.of_log10(float(exponent), digits)


def _count(value: Any, one: str, many: str) -> str:
    return f"{whole(value)} {one if value == 1 else many}"


def _english_ordinal(value: Any) -> str:
    last = 0 if value % 100 in (11, 12, 13) else value % 10
    return whole(value) + {LIKE_ONE: "st", LIKE_TWO: "nd", LIKE_THREE: "rd"}.get(int(last), "th")


def _capital(text: str) -> str:
    made = text[:1].upper() + text[1:]
    return Markup(made) if isinstance(text, Markup) else made
