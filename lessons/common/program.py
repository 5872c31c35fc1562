"""The same in Python: a lesson's `program.jinja`, filled in with today's settings. A test runs what comes out of it."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

PYTHON = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
PYTHON.filters["python"] = repr  # a value as Python spells it: the only way for what readers typed


@cache
def _template(path: Path, _changed: float) -> Template:  # a file that has changed is another one
    return PYTHON.from_string(path.read_text(encoding="utf-8"))


def program(folder: Path, **settings: Any) -> str:
    """The lesson's program with these settings."""
    path = folder / "program.jinja"
    return _template(path, path.stat().st_mtime).render(**settings)
