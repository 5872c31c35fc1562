"""One's own recording: a WAV file as the features that the network has learned from.

The package's clips were made by its author's own tools, as his notebooks have it: torchaudio's MFCC with its defaults,
at 8000 samples a second. With x the samples in [-1, 1] and frames of 400 samples, 200 apart, mirrored at both ends,

    S = |FFT(hann x frame)|^2,  (201,)          power spectrum
    M = mel filters . S,        (128,)          triangles, evenly spaced in mel = 2595 log10(1 + f / 700) up to 4000 Hz
    D = max(10 log10 max(M, 1e-10), loudest - 80)       decibels, at most 80 below the loudest of the clip
    c = DCT-II(D), orthonormal, (13,)           the first 13 of 128

(Davis & Mermelstein 1980). SciPy reads the file, resamples and transforms; where it is not installed, `available` says
so. What cannot be heard is `Refused`, with the name of a sentence of the language file and the numbers in it.
"""

import io
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from lessons.speech.clips import FEATURES, HOP, RATE, SPAN, clips
from rnnviz.arrays import Array

WINDOW, MELS, FLOOR, DEPTH = 400, 128, 1e-10, 80.0
MOST_BYTES, MOST_SECONDS = 10_000_000, 15
SLOWEST, FASTEST = 8000, 192_000  # samples a second
SILENT, QUIET = 0.001, 0.02  # of full scale: whoever is below is not heard
EDGE = 30.0  # decibels below the loudest frame: what is quieter at both ends is cut off


class Refused(ValueError):
    """This recording cannot be heard. name: of the sentence that says why; facts: the numbers in it."""

    def __init__(self, name: str, **facts: Any) -> None:
        super().__init__(f"{name}: {facts}")
        self.name, self.facts = name, facts


@dataclass(frozen=True, eq=False)
class Heard:
    """A recording as features (T, 13), its seconds, and what was done: seconds left out, channels, samples a second."""

    features: Array
    seconds: float
    cut: float
    channels: int
    rate: int


def available() -> bool:
    """Whether SciPy is there."""
    return find_spec("scipy") is not None


def hear(data: bytes) -> Heard:
    """The features of a WAV file: mono, 8000 samples a second, without the silence at both ends, as loud as our clips.

    Raises Refused for whatever is no recording of one digit.
    """
    if len(data) > MOST_BYTES:
        raise Refused("too_large", megabytes=len(data) / 1e6, most=MOST_BYTES / 1e6)
    rate, samples = _read(data)
    channels = samples.shape[1]
    signal, seconds = samples.mean(axis=1), len(samples) / rate
    signal = signal - signal.mean()  # what a microphone adds to all samples is no sound
    if seconds > MOST_SECONDS:
        raise Refused("too_long", seconds=seconds, most=MOST_SECONDS)
    peak = float(np.abs(signal).max(initial=0.0))
    if peak <= SILENT:
        raise Refused("silent")
    if peak <= QUIET:
        raise Refused("quiet", share=peak)
    signal = _resampled(signal, rate)
    spoken = trimmed(signal)
    shortest, longest = lengths()
    frames = 1 + len(spoken) // HOP
    if frames < shortest:
        raise Refused("too_short", seconds=len(spoken) / RATE, least=shortest * SPAN)
    if frames > longest:
        raise Refused("too_much", seconds=len(spoken) / RATE, most=longest * SPAN)
    return Heard(levelled(mfcc(spoken)), len(spoken) / RATE, (len(signal) - len(spoken)) / RATE, channels, rate)


def _read(data: bytes) -> tuple[int, Array]:
    """Samples a second, and the samples (n, channels) in [-1, 1]."""
    from scipy.io import wavfile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of chunks that it leaves out
            rate, raw = wavfile.read(io.BytesIO(data))
    except Exception as reason:  # what is no WAV file fails in many ways
        raise Refused("no_wav") from reason
    samples = np.atleast_2d(np.asarray(raw).T).T
    if samples.ndim != 2 or not samples.size:
        raise Refused("empty")
    if not SLOWEST <= rate <= FASTEST:
        raise Refused("rate", rate=int(rate), least=SLOWEST, most=FASTEST)
    kind = samples.dtype
    if kind == np.uint8:
        return int(rate), (samples.astype(np.float64) - 128) / 128
    full = 1.0 if kind.kind == "f" else float(np.iinfo(kind).max) + 1
    samples = samples.astype(np.float64) / full
    if not np.isfinite(samples).all():
        raise Refused("broken")
    return int(rate), samples


def _resampled(signal: Array, rate: int) -> Array:
    from scipy.signal import resample_poly

    common = int(np.gcd(rate, RATE))
    return signal if rate == RATE else np.asarray(resample_poly(signal, RATE // common, rate // common))


def trimmed(signal: Array) -> Array:
    """Without what is EDGE decibels quieter than the loudest frame before the first and after the last that is not."""
    whole = np.pad(signal, (0, -len(signal) % HOP)).reshape(-1, HOP)
    power = np.square(whole).mean(axis=1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (-EDGE / 10))
    return signal[loud[0] * HOP : (loud[-1] + 1) * HOP]


@cache
def filters() -> Array:
    """The mel filters, (201, 128): triangles of height 1; the narrowest may hold no frequency at all."""
    mel = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), MELS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    apart = edges - np.linspace(0, RATE / 2, WINDOW // 2 + 1)[:, None]
    width = np.diff(edges)
    return np.asarray(np.maximum(0, np.minimum(-apart[:, :-2] / width[:-1], apart[:, 2:] / width[1:])))


def mfcc(signal: Array) -> Array:
    """(1 + n // 200, 13) of n samples at 8000 a second, more than 200."""
    from scipy.fft import dct
    from scipy.signal import ShortTimeFFT, get_window

    frames = ShortTimeFFT(get_window("hann", WINDOW), hop=HOP, fs=RATE, mfft=WINDOW)
    S = frames.spectrogram(signal, p0=0, p1=1 + len(signal) // HOP, padding="even")
    D = 10 * np.log10(np.maximum(S.T @ filters(), FLOOR))
    return np.asarray(dct(np.maximum(D, D.max() - DEPTH), norm="ortho", axis=1)[:, :FEATURES])


def levelled(features: Array) -> Array:
    """As loud as the clip in the middle of ours: a gain adds the same to the first coefficient of each frame."""
    moved = features.copy()
    moved[:, 0] += loudness() - features[:, 0].max()
    return moved


@cache
def loudness() -> float:
    """The largest first coefficient of a clip, of the clip in the middle."""
    return float(np.median([one[:, 0].max() for one in clips().features]))


@cache
def lengths() -> tuple[int, int]:
    """The frames of the shortest and of the longest clip."""
    each = [len(one) for one in clips().features]
    return min(each), max(each)
