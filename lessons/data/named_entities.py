"""Makes named_entities.tsv: sentences whose names are people, companies or towns, word by word with their tags.

    python -m lessons.data.named_entities faker-40.54.0-py3-none-any.whl

The sentences are our own, from the clauses below; the names come from Faker's providers (en_US: last names, first
names, parts of towns and companies). A last name alone may be any of the three, as in life: only the words around it
tell, and in most of these clauses those that come after it. Names of the test part stand in no other part. One line a
sentence: its part, a tab, and its words as word/TAG, O for what is no name. Seed 0: the same file each time.
"""

import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("named_entities.tsv")
SIZES = {"train": 1200, "validation": 300, "test": 400}
UNSEEN = 0.3  # of the names are kept for the test part
BARE, TWO = 0.75, 0.6  # the shares of names that are a last name alone, and of sentences of two clauses
JOINS = ("and", "while", "but", "because")
CLAUSES = {
    "PER": (
        *("* said that the rain would stop", "* smiled and left the room", "* was born in the spring"),
        *("* has two sisters", "* has a cold", "* plays the violin on Sundays", "* will marry in June"),
        *("* wrote a long letter", "* is a nurse", "* is an old friend of ours", "* lost the keys again"),
        *("we met * at the station", "the doctor told * to rest", "my neighbour * is away"),
    ),
    "ORG": (
        *("* reported higher profits", "* hired forty people in May", "* shares fell again"),
        *("* will build a new factory", "* was founded by two engineers", "* has two factories"),
        *(
            "* has a new logo",
            "* is a bank",
            "* is an airline",
            "* sold its last ship",
            "* owes money to its suppliers",
        ),
        *("investors sold shares of *", "she works for *", "the merger with * failed"),
    ),
    "LOC": (
        *("* lies on a wide river", "* elected a new mayor", "* was flooded in the spring", "* has two bridges"),
        *("* has a famous market", "* is an hour from the sea", "* is a small town", "* will get a new station"),
        *("* attracts many tourists", "* celebrates its harvest in June", "* lost its only school"),
        *("they live near *", "the train to * is late", "it never snows in *"),
    ),
}


def main(wheel: str) -> None:
    """Draw names for clauses, and write the file."""
    sys.path.insert(0, wheel)
    from faker.providers.address.en_US import Provider as Address
    from faker.providers.company import Provider as Company
    from faker.providers.person.en_US import Provider as Person

    rng = np.random.default_rng(0)
    last = sorted(name for name in Person.last_names if name.isalpha() and name.isascii())
    first = sorted(name for name in Person.first_names if name.isalpha() and name.isascii())
    kept = set(map(str, rng.permutation(sorted({*last, *first}))[: round(UNSEEN * len({*last, *first}))]))
    pools = {
        part: tuple([one for one in names if (one in kept) == (part == "test")] for names in (last, first))
        for part in SIZES
    }

    def name(tag: str, part: str) -> list[str]:
        surnames, given = pools[part]
        one = str(rng.choice(surnames))
        if rng.random() < BARE:
            return [one]
        if tag == "PER":
            return [str(rng.choice(given)), one]
        if tag == "ORG":
            return [one, str(rng.choice([suffix for suffix in Company.company_suffixes if suffix.isalpha()]))]
        return [str(rng.choice(Address.city_prefixes)), one]

    def clause(part: str) -> list[tuple[str, str]]:
        tag = str(rng.choice(list(CLAUSES)))
        words = str(rng.choice(CLAUSES[tag])).split()
        return [
            pair for word in words for pair in ([(n, tag) for n in name(tag, part)] if word == "*" else [(word, "O")])
        ]

    lines = []
    for part, count in SIZES.items():
        for _ in range(count):
            pairs = clause(part)
            if rng.random() < TWO:
                pairs += [(str(rng.choice(JOINS)), "O"), *clause(part)]
            pairs[0] = pairs[0][0][0].upper() + pairs[0][0][1:], pairs[0][1]
            lines.append(f"{part}\t{' '.join(f'{word}/{tag}' for word, tag in pairs)}\n")
    FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
