"""Numbers as text: three significant digits, a true minus sign, and never two roundings of the same number.

The player writes its numbers in the same way, see player/js/core/numbers.js.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import floor, isfinite, isnan

MINUS = "\N{MINUS SIGN}"
MOST = 7  # digits: as many as the player's numbers have


def significant(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits, without an exponent where that stays short: 0.0776, −1.15, 2.00×10⁻⁹.

    What is less than 1 does not read as 1: it gets more digits, up to 7 (0.99966 is 0.9997). Zero is 0. What is not
    finite is said as it is: NaN, ∞, −∞.
    """
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    size, sign = abs(float(value)), MINUS if value < 0 else ""
    if f"{size:.{digits}e}"[digits + 1] == "5":  # maybe a tie, which Python's formatting would round to even
        return sign + _half_up(size, digits)
    mantissa, _, power = f"{size:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if size < 1 and exponent == 0 and digits < MOST:
        return significant(value, digits + 1)
    if not 1e-4 <= size < 10**6:
        return f"{sign}{mantissa}×10{_superscript(exponent)}"
    return sign + (f"{size:.{digits - 1 - exponent}f}" if exponent < digits else _half_up(size, digits))


def _half_up(size: float, digits: int) -> str:
    """`significant` for a positive number, exactly; twenty times slower."""
    exact = Decimal(size)
    exponent = _rounded(exact, exact.adjusted() - digits + 1).adjusted()
    if size < 1 and exponent == 0 and digits < MOST:
        return significant(size, digits + 1)
    if 1e-4 <= size < 10**6:
        return _text(_rounded(exact, min(exponent - digits + 1, 0)))
    return f"{_text(_rounded(exact.scaleb(-exponent), 1 - digits))}×10{_superscript(exponent)}"


def of_log10(exponent: float, digits: int = 3) -> str:
    """The number 10^exponent, also where no float holds it: −4 is 0.000100, −400 is 1.00×10⁻⁴⁰⁰, −∞ is 0."""
    if isfinite(exponent) and not -300 < exponent < 300:
        whole = floor(exponent)
        mantissa = significant(10 ** (exponent - whole), digits)
        if mantissa.startswith("10"):
            mantissa, whole = significant(1.0, digits), whole + 1
        return f"{mantissa}×10{_superscript(whole)}"
    return significant(10**exponent if exponent < 300 else exponent, digits)


def decimals(value: float, places: int) -> str:
    """`value` with `places` digits after the point and a true minus sign; a value that rounds to zero has none."""
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def _rounded(value: Decimal, exponent: int) -> Decimal:
    """To whole 10^exponent; what lies between two of them goes to the larger one, as in JavaScript."""
    return value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP)


def _text(value: Decimal) -> str:
    return f"{value:f}".replace("-", MINUS)


def _superscript(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
