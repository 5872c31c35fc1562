"""Sine mixtures, or multiple superimposed oscillators: what is the next value of a sum of sines?

    s_t = sum over k of sin(omega_k t + phi_k)        x_t = s_t        y_t = s_(t+1)

Frequencies omega (radians per step) of 0.2 and 0.311 are those of Jaeger's problem, 0.42 and 0.51 those that
Schmidhuber, Wierstra, Gagliolo & Gomez (2007), "Training recurrent networks by Evolino", add to it. There, it is one
sequence, with phases of 0, which the network continues by itself, without an input, once it has been fed 100 steps;
here each sequence has phases of its own, drawn from U[0, 2 pi], and the true value is read at every step.

Whoever sees the current value alone does best to answer c s_t, c = mean of cos omega_k: the phases are exchangeable, so
that each sine's share of s_t is s_t / n, and what stands at right angles to it is as often above as below. That has a
mean squared error of n (1 - c^2) / 2. Answering 0 has one of n/2, repeating s_t one of n (1 - c). Two values
per sine settle all amplitudes and phases, so that after 2n steps the next value can be known exactly.
"""

from collections.abc import Sequence

import numpy as np

from rnnviz.arrays import as_array, generator, number, whole
from rnnviz.tasks.batch import SequenceBatch

FREQUENCIES = (0.2, 0.311)


def sine_mixture(
    rng: np.random.Generator, batch_size: int, num_steps: int, frequencies: Sequence[float] = FREQUENCIES
) -> SequenceBatch:
    """Draw sequences of a sine mixture, for the mean squared error: I = Q = 1, baseline n (1 - c^2) / 2.

    batch_size: B, at least 1. frequencies: of the n sines, in radians per step, each in (0, pi), no two the same, at
    least one. num_steps: T, at least 2n + 1. The first 2n steps do not count.
    Raises ValueError for sizes or frequencies out of range, or an `rng` that is none.
    """
    omega = _checked(frequencies)
    n = len(omega)
    batch_size, num_steps = whole("batch_size", batch_size, 1), whole("num_steps", num_steps, 2 * n + 1)
    phase = generator(rng).uniform(0.0, 2.0 * np.pi, (1, batch_size, n))
    s = np.sin(omega * np.arange(num_steps + 1)[:, np.newaxis, np.newaxis] + phase).sum(axis=2, keepdims=True)
    mask = np.zeros((num_steps, batch_size), np.bool_)
    mask[2 * n :] = True
    return SequenceBatch(
        x=s[:-1],
        targets=np.where(mask[:, :, np.newaxis], s[1:], 0.0),
        mask=mask,
        lengths=np.full(batch_size, num_steps, np.int64),
        output_size=1,
        baseline=n * (1.0 - float(np.cos(omega).mean()) ** 2) / 2.0,
    )


def _checked(frequencies: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The frequencies as an array (n,); ValueError for none, for two that are the same, or one out of range."""
    given = as_array("frequencies", frequencies)
    if given.ndim != 1 or not given.size:
        raise ValueError(f"frequencies must be a list of at least one number, got {frequencies!r}")
    omega = [number("each of the frequencies", value, f"(0, {np.pi})") for value in given]
    if len(set(omega)) < len(omega):
        raise ValueError(f"no two frequencies must be the same, got {omega}")
    return np.array(omega)
