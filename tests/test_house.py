"""What the project promises about itself as a whole: what it needs, what imports what, and one set of colours."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.theme import PALETTES, ThemeName

ROOT = Path(__file__).parents[1]
THEMES = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
by_theme = pytest.mark.parametrize("name", ["light", "dark"])


def test_readme_says_why_each_dependency_is_there() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    lines = [*(ROOT / "requirements.txt").read_text().splitlines(), *chain.from_iterable(extras.values())]
    needed = {re.split(r"[<>=]", line)[0] for line in lines if line and not line.startswith("#")}
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (\*\*.+?\*\*) \|", readme, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"\*\*([\w-]+)\*\*", row)}
    assert named == needed


def test_readme_s_notebook_runs_and_gives_what_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    look, train, many = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(look, names)
    claims = re.findall(r"^(\S.*?) +# .*: (\(\d.*\))$", look, re.MULTILINE)
    assert len(claims) == 2
    for expression, shape in claims:
        assert eval(expression, names).shape == ast.literal_eval(shape)
    exec(train, names)
    baseline = names["task"](np.random.default_rng(1)).baseline
    assert names["checkpoint"].loss < 0.2 * baseline
    assert names["fresh"].loss < 0.2 * baseline
    assert names["more"].loss == names["fork"].loss, "the same batch, the same network"
    exec(many, names)
    assert names["shares"].share.shape == (2, 2, 2)
    assert {record["outcome"] for record in names["records"]} == {"finished"}


def test_app_imports_nothing_of_ours_but_the_catalog() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    imported = {
        f"{node.module}.{name.name}" if isinstance(node, ast.ImportFrom) else name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    ours = {name for name in imported if name.split(".")[0] in ("rnnviz", "lessons", "tests", "benchmarks")}
    assert all(name == "lessons.catalog" or name.startswith("lessons.catalog.") for name in ours), ours


def test_library_needs_numpy_alone() -> None:
    """In a Python of its own, where no other test has imported anything."""
    program = "import sys, rnnviz; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = {name.split(".")[0] for name in result.stdout.split()}
    assert imported & packages_distributions().keys() - {"rnnviz", "_distutils_hack"} == {"numpy"}


@by_theme
def test_pages_and_pictures_share_their_colours(name: ThemeName) -> None:
    theme, palette = THEMES[name], PALETTES[name]
    assert theme["backgroundColor"] == palette.background
    assert theme["textColor"] == palette.ink
    assert theme["grayTextColor"] == palette.muted
    assert theme["primaryColor"] == theme["linkColor"] == palette.forward
    assert theme["chartCategoricalColors"] == [
        palette.forget,
        palette.input,
        palette.output,
        palette.candidate,
        palette.forward,
        palette.backward,
    ]


@by_theme
def test_text_is_legible(name: ThemeName) -> None:
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1; gates have their colours on the page itself."""
    theme, palette = THEMES[name], PALETTES[name]
    page = theme["backgroundColor"]
    surfaces = (page, theme["secondaryBackgroundColor"], theme["codeBackgroundColor"])
    texts = (palette.ink, palette.muted, palette.forward, palette.backward)
    gates = (palette.forget, palette.input, palette.output, palette.candidate)
    assert all(contrast(text, surface) >= 4.5 for text in texts for surface in surfaces)
    assert all(contrast(gate, page) >= 4.5 for gate in gates)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of a CSS hex colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
