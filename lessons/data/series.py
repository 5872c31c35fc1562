"""The series that the lesson on forecasting reads, out of the packages that carry them:

    python -m lessons.data.series vega_datasets-0.9.0-py3-none-any.whl statsmodels-0.15.0-....whl

Nothing is computed but means: the weekly CO2 values become means of months, as far as the month has values.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent
WEEK = timedelta(days=7)
COMPANIES = ("AAPL", "AMZN", "IBM", "MSFT")  # those that were listed all the time


def rows(wheel: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file in a wheel."""
    with ZipFile(wheel) as opened:
        yield from csv.DictReader(StringIO(opened.read(name).decode()))


def write(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """A CSV file beside this one."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)


def sunspots(wheel: str) -> Iterator[tuple[str, str]]:
    """Year by year."""
    for row in rows(wheel, "statsmodels/datasets/sunspots/sunspots.csv"):
        yield row["YEAR"], row["SUNACTIVITY"]


def co2(wheel: str) -> Iterator[tuple[str, str]]:
    """Month by month: the mean of the weeks that end in it; nothing where it has none."""
    months: dict[str, list[float]] = defaultdict(list)
    for row in rows(wheel, "statsmodels/datasets/co2/co2.csv"):
        week = datetime.strptime(row["date"], "%Y%m%d").date()
        month = months[week.isoformat()[:7]]
        if row["co2"]:
            month.append(float(row["co2"]))
    for month_of_year, values in sorted(months.items()):
        yield month_of_year, f"{sum(values) / len(values):.2f}" if values else ""


def stocks(wheel: str) -> Iterator[tuple[str, ...]]:
    """Month by month, a column for each company."""
    months: dict[date, dict[str, str]] = defaultdict(dict)
    for row in rows(wheel, "vega_datasets/_data/stocks.csv"):
        months[datetime.strptime(row["date"], "%b %d %Y").date()][row["symbol"]] = row["price"]
    for month, prices in sorted(months.items()):
        yield month.isoformat()[:7], *(prices[company] for company in COMPANIES)


if __name__ == "__main__":
    vega, statsmodels = sys.argv[1:]
    write("sunspots_yearly.csv", ("year", "sunspots"), sunspots(statsmodels))
    write("co2_monthly.csv", ("month", "co2_ppm"), co2(statsmodels))
    write("stocks_monthly.csv", ("month", *COMPANIES), stocks(vega))
