"""From a raw file to what a network reads: small functions on arrays, one step of the way each.

    text      categories and text to numbers: a vocabulary, with a place for what it does not know
    scaling   numbers of one size, by shift and scale of the training part alone
    missing   gaps found, dropped, filled, or told to the network
    windows   a window slides over a long series
    batches   sequences of different lengths padded into one batch, and put together by length
    split     training, validation and test part: in time order, by group, or at random
    table     a CSV file or a data frame as named columns

Whatever is learned from data (symbols, mean, spread, what fills a gap) is learned from the training part and then used
for all parts: what the test part lends to training, no future will lend. (Kaufman, Rosset, Perlich & Stitelman 2012,
"Leakage in data mining: formulation, detection, and avoidance", ACM TKDD 6.) All of it needs NumPy alone.
"""

from rnnviz.data.batches import by_length, pad
from rnnviz.data.missing import drop, fill_forward, fill_mean, interpolate, is_missing, with_mask
from rnnviz.data.scaling import Scaler, min_max, standardize
from rnnviz.data.split import Split, at_random, by_group, in_time
from rnnviz.data.table import Limits, Table, from_frame, read_csv
from rnnviz.data.text import Vocabulary
from rnnviz.data.windows import windows

__all__ = [
    "Limits",
    "Scaler",
    "Split",
    "Table",
    "Vocabulary",
    "at_random",
    "by_group",
    "by_length",
    "drop",
    "fill_forward",
    "fill_mean",
    "from_frame",
    "in_time",
    "interpolate",
    "is_missing",
    "min_max",
    "pad",
    "read_csv",
    "standardize",
    "windows",
    "with_mask",
]
