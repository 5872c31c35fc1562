"""What is to be beaten: the more frequent class, and a bag of words, which counts words and knows no order.

    p = sigma(w . n + b)        n: how often each known word stands in the sentence

trained on the same sentences towards the minimum of its mean cross-entropy plus `L2` / 2 |w|^2, by gradient descent
with momentum from w = 0: no randomness (logistic regression; Cox 1958). L2 is the best of a few on the validation
part. Its weights are stored: (I + 1,), the words', then b.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from lessons.sentiment.experiment import sigmoid
from lessons.sentiment.reviews import part, vocabulary
from lessons.sentiment.stored import stored
from rnnviz.arrays import Array

L2, STEPS, RATE, MOMENTUM = 0.001, 400, 1.0, 0.9


def counts(sentences: Iterable[Sequence[str]]) -> Array:
    """(n, I + 1): how often each known word stands in each sentence, and 1; unknown ones count as one word."""
    known = vocabulary()
    rows = [np.bincount(known.encode(words), minlength=len(known)) for words in sentences]
    return np.pad(np.array(rows, float), ((0, 0), (0, 1)), constant_values=1.0)


def slope(weights: Array) -> Array:
    """(I + 1,) the gradient of the loss by the weights; b costs nothing."""
    n, praises = counts(one.words for one in part("train")), np.array([one.praises for one in part("train")], float)
    return _slope(weights, n, praises)


def _slope(weights: Array, n: Array, praises: Array) -> Array:
    cost = L2 * np.append(weights[:-1], 0.0)
    return np.asarray((sigmoid(n @ weights) - praises) @ n / len(n) + cost)


def fitted() -> Array:
    """The weights, trained: some seconds."""
    n, praises = counts(one.words for one in part("train")), np.array([one.praises for one in part("train")], float)
    weights, move = np.zeros(n.shape[1]), np.zeros(n.shape[1])
    for _ in range(STEPS):
        move = MOMENTUM * move - RATE * _slope(weights, n, praises)
        weights = weights + move
    return weights


def of_words(words: Sequence[str]) -> float:
    """What the stored bag of words gives a sentence: the probability of praise."""
    return float(sigmoid(counts([words]) @ stored().bag)[0])


def bag_score(name: str, weights: Array) -> float:
    """The share of right answers of these weights on a part."""
    praises = np.array([one.praises for one in part(name)])
    return float(((counts(one.words for one in part(name)) @ weights > 0) == praises).mean())


def majority(name: str) -> float:
    """The share of right answers of whoever always says what is more frequent in the training part."""
    often = np.mean([one.praises for one in part("train")]) >= 0.5
    return float(np.mean([one.praises == often for one in part(name)]))
