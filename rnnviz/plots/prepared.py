"""A chart made ready: its numbers in named datasets, and a Vega-Lite spec in which no number stands.

What depends on the settings (values, ends of the axes, labels, titles, the marked step) is rows of the datasets, which
the spec reads by name. The spec depends on the chart's kind and shape alone, on how many series there are and how they
look, so it is built once; where a slider moves, datasets are swapped and nothing else.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from rnnviz.plots.theme import Look, config

if TYPE_CHECKING:
    import altair as alt

Columns: TypeAlias = dict[str, list[Any]]
Spec: TypeAlias = dict[str, Any]
PLACES = "places"  # what the marks are called that the pointer and the arrow keys go along


@dataclass(frozen=True, eq=False)
class Prepared:
    """A chart as data.

    kind         the function's name that made it
    shape        what its spec depends on besides, hashable
    datasets     {name: {column: values}}, all of it JSON: no NaN, no infinity
    title        plain text, as the chart shows it
    description  the chart in one sentence, for those who do not see it
    pick         what a click on it is for: the event's target; empty where nothing can be picked
    build        makes the chart of a shape, without numbers
    """

    kind: str
    shape: tuple[Hashable, ...]
    datasets: dict[str, Columns]
    title: str
    description: str
    build: Callable[[Any], Any] = field(repr=False)
    pick: str = ""

    def spec(self) -> Spec:
        """The Vega-Lite spec, the same object for each chart of this kind and shape: to be read, never to be changed.

        It has neither data nor colours: the former are `datasets`, the latter `theme.config(...)`.
        """
        return _spec(self.build, self.shape)

    def complete(self, look: Look = "light") -> Spec:
        """A spec of its own with data, colours and description: what a file or a notebook needs."""
        whole = deepcopy(self.spec()) | {"description": self.description, "config": config(look)}
        return whole | {"datasets": {name: rows(columns) for name, columns in self.datasets.items()}}

    def chart(self, look: Look = "light") -> "alt.TopLevelMixin":
        """The Altair chart, with its data in it: a notebook shows it, `.save("chart.svg")` writes it."""
        import altair as alt

        return alt.Chart.from_dict(self.complete(look))


@cache
def _spec(build: Callable[[Any], Any], shape: tuple[Hashable, ...]) -> Spec:
    made: Spec = build(shape).to_dict()
    made.pop("config", None)  # Altair's own, which `theme.config` stands in for
    for unit in _units(made):
        if "name" in unit:
            unit["name"] = re.sub(r"_\d+$", "", unit["name"])  # Altair numbers the names of panels below each other
        if unit.get("name", "").endswith(PLACES):
            unit["params"] = _selections(unit)
    return made


def _units(spec: Spec) -> Iterator[Spec]:
    """The views that hold one mark."""
    for inner in (*spec.get("vconcat", ()), *spec.get("layer", ())):
        yield from _units(inner)
    if "mark" in spec:
        yield spec


def _selections(unit: Spec) -> list[Spec]:
    """What the pointer is at, and what was clicked, of the marks that are places.

    They are added to the finished spec because Altair would move them out of their view, and give all views new names.
    """
    fields = [name for name in ("x", "y") if unit["encoding"].get(name, {}).get("field") == name] or ["x"]
    prefix = unit["name"].removesuffix(PLACES)
    hover = {"type": "point", "on": "pointerover", "clear": "pointerout", "fields": fields}
    pick = {"type": "point", "on": "click", "fields": fields, "toggle": False}
    found = [{"name": f"{prefix}hover", "select": hover}]
    return found + [{"name": f"{prefix}pick", "select": pick}] * (unit["mark"]["cursor"] == "pointer")


def rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Columns as rows."""
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
