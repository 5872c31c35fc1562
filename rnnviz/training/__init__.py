"""Training: `train` yields a checkpoint after each update; each one can be gone on from, forked, saved and loaded."""

from rnnviz.training.checkpoint import Checkpoint, start
from rnnviz.training.evaluation import Evaluation, evaluate
from rnnviz.training.feeding import Feeding, drawn, free_run, inverse_sigmoid, itself, most_likely
from rnnviz.training.files import load
from rnnviz.training.loop import train
from rnnviz.training.streams import Stream, Window, stream, windows

__all__ = [
    "Checkpoint",
    "Evaluation",
    "Feeding",
    "Stream",
    "Window",
    "drawn",
    "evaluate",
    "free_run",
    "inverse_sigmoid",
    "itself",
    "load",
    "most_likely",
    "start",
    "stream",
    "train",
    "windows",
]
