"""JavaScript as one script, from the files in js/: `joined(name)` defines `$<name>`, whose `mount` draws something.

`SCRIPT` is the player's, from `main.js`. The files are modules themselves, each importing what it needs; `main.js`
imports them all. Here each becomes a function with its own scope, called once, in the order of the imports; what it
exports is what the function returns. Two forms are all that the files use: `import { a, b } from "./file.js";` on one
line, and `export` before a declaration.
"""

import re
from pathlib import Path

from rnnviz.theme import css_variables

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class) (\w+))", re.MULTILINE)


def _read(name: str) -> str:
    return (HERE / "js" / f"{name}.js").read_text(encoding="utf-8")


def _in_order(name: str, done: list[str]) -> list[str]:
    """`name` after everything that it imports, each file once."""
    for _, imported in IMPORT.findall(_read(name)):
        if imported not in done:
            _in_order(imported, done)
    if name not in done:
        done.append(name)
    return done


def _scoped(name: str) -> str:
    """One file as `const $name = (() => { ...; return { its exports }; })();`"""
    source = _read(name)
    exported = ", ".join(EXPORT.findall(source))
    body = EXPORT.sub("", IMPORT.sub(r"const \1 = $\2;", source))
    return f"const ${name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


def joined(name: str) -> str:
    """The file js/<name>.js and all that it imports, as one script."""
    return "".join(map(_scoped, _in_order(name, [])))


SCRIPT = joined("main")
STYLE = f".rnn-player{{{css_variables()}}}\n{(HERE / 'player.css').read_text(encoding='utf-8')}"
