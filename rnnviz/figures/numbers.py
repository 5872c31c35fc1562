"""Numbers as text: three significant digits, a true minus sign, and never two roundings of the same number."""

from math import isfinite, isnan

MINUS = "\N{MINUS SIGN}"


def significant(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits, without an exponent where that stays short: 0.0776, −1.15, 2.0×10⁻⁹.

    What is not finite is said as it is: NaN, ∞, −∞.
    """
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    if value == 0 or 1e-4 <= abs(value) < 10**6:
        return decimals(value, _places(value, digits))
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', MINUS)}×10{_superscript(int(exponent))}"


def decimals(value: float, places: int) -> str:
    """`value` with `places` digits after the point and a true minus sign; a value that rounds to zero has none."""
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def _places(value: float, digits: int) -> int:
    if value == 0:
        return digits - 1
    exponent = int(f"{abs(value):.{digits - 1}e}".split("e")[1])
    return max(digits - 1 - exponent, 0)


def _superscript(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
