"""Training: `train` yields a checkpoint after each update; each one can be gone on from, forked, saved and loaded."""

from rnnviz.training.checkpoint import Checkpoint, start
from rnnviz.training.files import load
from rnnviz.training.loop import train

__all__ = ["Checkpoint", "load", "start", "train"]
