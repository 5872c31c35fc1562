"""Make `number_words.csv`: the numbers 0 to 999 in German and in English words.

    python -m lessons.data.number_words unicode_rbnf-2.4.1-py3-none-any.whl

The words come from the rules of the Unicode CLDR (rule-based number formats), German `spellout-numbering`, English
`spellout-cardinal`, as the package unicode-rbnf 2.4.1 carries and applies them. The soft hyphens of some rules are
left out.
"""

import csv
import sys
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")
RULES = {"de": "spellout-numbering", "en": "spellout-cardinal"}
SOFT_HYPHEN = "\u00ad"


def main(package: str) -> None:
    """Write the file. package: the wheel, or a folder in which it was unpacked."""
    sys.path.insert(0, package)
    from unicode_rbnf import RbnfEngine

    engines = {language: RbnfEngine.for_language(language) for language in RULES}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["number", *RULES])
        for number in range(1000):
            said = (engines[one].format_number(number).text_by_ruleset[rules] for one, rules in RULES.items())
            rows.writerow([number, *(words.replace(SOFT_HYPHEN, "") for words in said)])


if __name__ == "__main__":
    main(sys.argv[1])
