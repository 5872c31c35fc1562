"""Vega expressions: what a spec reads from its datasets, and how it writes numbers.

Numbers are written as `rnnviz.numbers` writes them: three significant digits, a true minus sign, powers of ten raised.
All expressions are of the kind that Vega's interpreter evaluates without `eval`.
"""

from rnnviz.theme import Palette

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def first(dataset: str, column: str) -> str:
    """A column of a dataset's only row."""
    return f"data('{dataset}')[0].{column}"


def colour(hue: str) -> str:
    """A colour of the theme, by its name in `rnnviz.theme.Palette`."""
    if hue not in Palette.__dataclass_fields__:
        raise ValueError(
            f"a colour of the theme is needed, one of {', '.join(Palette.__dataclass_fields__)}, got {hue!r}"
        )
    return f"palette.{hue}"


def raised(exponent: str) -> str:
    """A whole number of at most four digits as a superscript."""
    size = f"abs({exponent})"

    def digit(unit: int) -> str:
        place = f"floor({size} / {unit}) % 10"
        return f"slice('{_RAISED}', {place}, {place} + 1)"

    higher = (f"({size} >= {unit} ? {digit(unit)} : '')" for unit in (1000, 100, 10))
    return f"(({exponent} < 0 ? '⁻' : '') + {' + '.join(higher)} + {digit(1)})"


def number(value: str, digits: int = 3) -> str:
    """A number as text; what is text already stays it."""
    size, whole = f"abs({value})", 10**digits
    short = f"({size} >= {whole} ? format({value}, '.0f') : format({value}, '.{digits}r'))"
    long = f"format({value}, '.{digits - 1}e')"
    power = f"toNumber(split({long}, 'e')[1])"
    return (
        f"(isString({value}) ? {value} : {value} == 0 ? '0' : {size} >= 1e-4 && {size} < 1e6 ? {short} : "
        f"split({long}, 'e')[0] + '×10' + {raised(power)})"
    )


def of_log10(exponent: str, digits: int = 3) -> str:
    """The number 10^exponent as text, also where no float holds it; what is text already stays it."""
    value, whole = f"pow(10, {exponent})", digits
    short = f"({exponent} >= {whole} ? format({value}, '.0f') : format({value}, '.{digits}r'))"
    rounded = f"floor({exponent} + {0.5 * 10.0 ** (1 - digits) / 10 / 2.302585:.3g})"  # 9.996 becomes 1.00 of the next
    far = f"format(pow(10, {exponent} - {rounded}), '.{digits - 1}f') + '×10' + {raised(rounded)}"
    return f"(isString({exponent}) ? {exponent} : {exponent} >= -4 && {exponent} < 6 ? {short} : {far})"
