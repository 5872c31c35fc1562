"""The JavaScript of player, descents and loop, as one module each: whole, in order, safe to stand in a page.

Browser tests run it.
"""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from rnnviz.player.module import COMPONENTS, EXPORT, FOLDERS, IMPORT, joined, style
from rnnviz.theme import PALETTES, Palette

FILES = sorted(FOLDERS.rglob("*.js"))
SCRIPTS = {name: joined(name) for name in COMPONENTS}
STYLES = {name: style(name) for name in COMPONENTS}


def scope(file: Path) -> str:
    folder, name = file.parent.name, file.stem
    return f"const ${folder if name == folder else f'{folder}_{name}'} = (() => {{\n"


def test_every_file_is_in_a_module_and_in_none_twice() -> None:
    assert len(FILES) > 10
    for file in FILES:
        counts = {script.count(scope(file)) for script in SCRIPTS.values()}
        assert max(counts) == 1, file.name


def test_what_a_file_imports_stands_before_it() -> None:
    for file in FILES:
        for _, imported in IMPORT.findall(file.read_text(encoding="utf-8")):
            for script in SCRIPTS.values():
                if scope(file) in script:
                    assert script.index(scope((file.parent / imported).resolve())) < script.index(scope(file)), (
                        file.name
                    )


def test_files_use_only_the_two_forms_that_are_joined() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        imports, exports = (re.findall(rf"^\s*{word}\b.*", text, re.MULTILINE) for word in ("import", "export"))
        assert len(imports) == len(IMPORT.findall(text)), file.name
        assert len(exports) == len(EXPORT.findall(text)), file.name


def test_what_is_imported_is_exported() -> None:
    exported = {file: set(EXPORT.findall(file.read_text(encoding="utf-8"))) for file in FILES}
    for file in FILES:
        for names, imported in IMPORT.findall(file.read_text(encoding="utf-8")):
            assert set(re.findall(r"\w+", names)) <= exported[(file.parent / imported).resolve()], file


def test_the_script_is_whole_and_offers_the_mount() -> None:
    for name, script in SCRIPTS.items():
        assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
        assert re.search(r"return \{ mount \};", script[script.index(f"const ${name} = ") :])


def test_the_script_can_stand_in_a_page() -> None:
    for text in (*SCRIPTS.values(), *STYLES.values()):
        assert "</script" not in text.lower()
        assert "</style" not in text.lower()
        assert "<!--" not in text


def test_nothing_is_fetched() -> None:
    for text in (*SCRIPTS.values(), *STYLES.values()):
        addresses = set(re.findall(r"https?://[^\s\"'`)]*", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}  # the name of a language, not a place
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b|@import|url\(", text)


def test_every_colour_of_the_palette_is_there_in_both_themes() -> None:
    for field in fields(Palette):
        light, dark = (getattr(PALETTES[theme], field.name) for theme in ("light", "dark"))
        assert f"--rnn-{field.name}:light-dark({light},{dark})" in STYLES["player"]


def test_every_colour_that_is_used_is_in_the_palette() -> None:
    known = {field.name for field in fields(Palette)}
    for text in (*SCRIPTS.values(), *STYLES.values()):
        assert set(re.findall(r"var\(--rnn-([a-z]+)", text)) <= known


@pytest.mark.parametrize("name", COMPONENTS)
def test_styles_reach_nothing_but_the_component(name: str) -> None:
    """Every selector begins with the component's own class: in a notebook the page around it has styles too."""
    text = re.sub(r"/\*.*?\*/|@keyframes [\w-]+ \{(?:[^{}]*\{[^}]*\})*\s*\}", "", STYLES[name], flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", text)
    assert len(selectors) > 10
    for selector in selectors:
        outside = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", selector)  # what stands in :is(...) may have commas
        assert all(part.strip().startswith(f".rnn-{name}") for part in outside.split(",")), selector


def test_a_sheet_beside_a_script_styles_every_component_that_imports_the_script_and_no_other() -> None:
    sheet = (FOLDERS / "transport" / "played.css").read_text(encoding="utf-8")
    for name, script in SCRIPTS.items():
        shared = sheet.replace("&", f".rnn-{name}")
        assert (shared in STYLES[name]) == ("const $transport_played = " in script), name
        assert "&" not in STYLES[name]
        own = (FOLDERS.parent / f"{name}.css").read_text(encoding="utf-8")
        assert STYLES[name].endswith(own), "a component's own sheet comes last, and so has its way"
