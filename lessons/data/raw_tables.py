"""Two raw tables as they came, for the lesson on preprocessing, out of the packages that carry them:

    python -m lessons.data.raw_tables vega_datasets-0.9.0-py3-none-any.whl statsmodels-0.15.0-....whl

`seattle_weather.csv` is the file itself. `co2_weekly.csv` has its dates as 1958-03-29 instead of 19580329; where no
value was measured the cell is empty, as it is in the source. Nothing is filled or taken out.
"""

import csv
import sys
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent


def weather(wheel: str) -> str:
    """The table of Seattle's weather, as it is."""
    with ZipFile(wheel) as opened:
        return opened.read("vega_datasets/_data/seattle-weather.csv").decode().replace("\r\n", "\n")


def co2(wheel: str) -> str:
    """Week by week, with the gaps that there are."""
    with ZipFile(wheel) as opened:
        rows = csv.DictReader(StringIO(opened.read("statsmodels/datasets/co2/co2.csv").decode()))
        lines = [f"{day[:4]}-{day[4:6]}-{day[6:]},{row['co2']}" for row in rows for day in (row["date"],)]
    return "\n".join(["week,co2_ppm", *lines, ""])


if __name__ == "__main__":
    vega, statsmodels = sys.argv[1:]
    (HERE / "seattle_weather.csv").write_text(weather(vega), encoding="utf-8")
    (HERE / "co2_weekly.csv").write_text(co2(statsmodels), encoding="utf-8")
