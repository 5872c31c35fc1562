"""The lessons, in teaching order: what is built, and nothing that is not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One page.

    slug      its file in lessons/, and its address
    title     its name in the menu
    part      the chapter that it belongs to
    minutes   how long it takes to read and try
    question  what the reader can answer afterwards
    """

    slug: str
    title: str
    part: str
    minutes: int
    question: str


CATALOG = (
    Lesson(
        slug="hidden_state",
        title="A loop in time",
        part="Memory",
        minutes=15,
        question="What does the hidden state remember?",
    ),
    Lesson(
        slug="lstm_gates",
        title="Gates",
        part="Memory",
        minutes=20,
        question="How does an LSTM decide what to keep?",
    ),
    Lesson(
        slug="gru_gates",
        title="Two gates instead of three",
        part="Memory",
        minutes=15,
        question="What does a GRU give up?",
    ),
    Lesson(
        slug="bidirectional_and_stacked",
        title="Both ways",
        part="Memory",
        minutes=15,
        question="What does the future know?",
    ),
    Lesson(
        slug="backprop_through_time",
        title="Back through time",
        part="Gradients",
        minutes=20,
        question="How does a gradient travel back in time?",
    ),
    Lesson(
        slug="vanishing_and_exploding",
        title="A long way back",
        part="Gradients",
        minutes=25,
        question="Why does a gradient vanish or explode?",
    ),
    Lesson(
        slug="initialization",
        title="Initialization",
        part="Gradients",
        minutes=20,
        question="What does a network’s start decide?",
    ),
    Lesson(
        slug="clipping",
        title="The wall",
        part="Gradients",
        minutes=15,
        question="What does clipping do about an exploding gradient?",
    ),
)
