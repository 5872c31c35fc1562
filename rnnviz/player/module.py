"""JavaScript as one script, from the folders in js/: `joined("player")` is js/player/player.js and all that it imports.

The files are plain ES modules. Here each becomes a function with its own scope, called once, in the order of the
imports; what it exports is what the function returns. `core/names.js` is `$core_names`; the component itself is its
folder's name alone, `$player`, whose `mount(host, data, tell)` draws it. Two forms are all that the files use:
`import { a, b } from "../folder/file.js";` and `export` before one declaration.
"""

import re
from functools import lru_cache
from pathlib import Path

from rnnviz.theme import css_variables

HERE = Path(__file__).parent
FOLDERS = HERE / "js"
# each has a style sheet <name>.css and a folder js/<name> in which js/<name>/<name>.js exports `mount`
COMPONENTS = tuple(p.stem for p in sorted(HERE.glob("*.css")) if (FOLDERS / p.stem / f"{p.stem}.js").exists())
IMPORT = re.compile(r'^import (\{[^}]*\}) from "((?:\./|\.\./\w+/)\w+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class) (\w+))", re.MULTILINE)


def _imports(path: Path) -> list[Path]:
    return [(path.parent / said).resolve() for _, said in IMPORT.findall(path.read_text(encoding="utf-8"))]


def _in_order(path: Path, done: list[Path]) -> list[Path]:
    """`path` after everything that it imports, each file once."""
    for imported in _imports(path):
        if imported not in done:
            _in_order(imported, done)
    if path not in done:
        done.append(path)
    return done


def _name(path: Path) -> str:
    """`$folder_file`; the folder alone for the file that is named like it."""
    folder, file = path.parent.name, path.stem
    return f"${folder}" if folder == file else f"${folder}_{file}"


def _scoped(path: Path) -> str:
    """One file as `const $folder_file = (() => { ...; return { its exports }; })();`"""
    source = path.read_text(encoding="utf-8")
    exported = ", ".join(EXPORT.findall(source))
    body = EXPORT.sub("", IMPORT.sub(lambda m: f"const {m[1]} = {_name((path.parent / m[2]).resolve())};", source))
    return f"const {_name(path)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


@lru_cache
def joined(name: str) -> str:
    """The component js/<name>/<name>.js and all that it imports, as one script."""
    return "".join(map(_scoped, _in_order((FOLDERS / name / f"{name}.js").resolve(), [])))


@lru_cache
def style(name: str) -> str:
    """The component's style: the theme's colours on its root `.rnn-<name>`, the sheet beside each script that it
    imports (js/transport/played.css), in which & is that root, and its own, <name>.css."""
    root, files = f".rnn-{name}", _in_order((FOLDERS / name / f"{name}.js").resolve(), [])
    beside = [path.with_suffix(".css") for path in files if path.with_suffix(".css").exists()]
    shared = "".join(sheet.read_text(encoding="utf-8").replace("&", root) for sheet in beside)
    return f"{root}{{{css_variables()}}}\n{shared}{(HERE / f'{name}.css').read_text(encoding='utf-8')}"
