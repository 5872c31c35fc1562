"""Vega expressions: what a spec reads from its datasets, and how it writes numbers.

Numbers are written as `rnnviz.numbers` writes them: three significant digits, a true minus sign, powers of ten raised.
All expressions are of the kind that Vega's interpreter evaluates without `eval`.
"""

from rnnviz.theme import Palette

_RAISED = zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = list(_RAISED)


def first(dataset: str, column: str) -> str:
    """A column of a dataset's only row."""
    return f"data('{dataset}')[0].{column}"


def colour(hue: str) -> str:
    """A colour of the theme, by its name in `rnnviz.theme.Palette`."""
    if hue not in Palette.__dataclass_fields__:
        raise ValueError(f"a colour of the theme is needed, one of {', '.join(Palette.__dataclass_fields__)}, got {hue!r}")
    return f"palette.{hue}"


def raised(exponent: str) -> str:
    """A whole number as a superscript."""
    made = f"replace('' + ({exponent}), '-', '⁻')"
    for digit, small in _DIGITS:
        made = f"replace({made}, /{digit}/g, '{small}')"
    return made


def number(value: str, digits: int = 3) -> str:
    """A number as text; what is text already stays it."""
    size, whole = f"abs({value})", 10 ** max(digits, 4)
    short = f"({size} >= {whole} ? format({value}, '.0f') : format({value}, '.{digits}r'))"
    long = f"format({value}, '.{digits - 1}e')"
    power = f"toNumber(split({long}, 'e')[1])"
    return (
        f"(isString({value}) ? {value} : {value} == 0 ? '0' : {size} >= 1e-4 && {size} < 1e6 ? {short} : "
        f"split({long}, 'e')[0] + '×10' + {raised(power)})"
    )


def of_log10(exponent: str, digits: int = 3) -> str:
    """The number 10^exponent as text, also where no float holds it; what is text already stays it."""
    mantissa = f"pow(10, {exponent} - floor({exponent}))"
    far = f"format({mantissa}, '.{digits}r') + '×10' + {raised(f'floor({exponent})')}"
    return (
        f"(isString({exponent}) ? {exponent} : abs({exponent}) < 300 ? {number(f'pow(10, {exponent})', digits)} : {far})"
    )
