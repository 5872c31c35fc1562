"""Make mfcc.npz by librosa 0.11, with torchaudio's defaults: a sound and its features. `python make_mfcc.py`."""

from pathlib import Path

import librosa
import numpy as np


def sound() -> np.ndarray:
    """Two fifths of a second: a rising tone, a fading one, a burst, noise, and nearly nothing at the end; (3333,)."""
    rng, t = np.random.default_rng(7), np.arange(3333) / 8000
    x = 0.3 * np.sin(2 * np.pi * (120 * t + 300 * t**2)) + 0.2 * np.sin(2 * np.pi * 700 * t) * np.exp(-3 * t)
    x = (x + 0.1 * np.sin(2 * np.pi * 2100 * t) * (t > 0.2) + 0.02 * rng.normal(size=len(t))) * np.hanning(len(t))
    x[-500:] = 1e-5 * rng.normal(size=500)
    return x.astype(np.float32)


def main() -> None:
    """Write the file."""
    x = sound()
    power = np.abs(librosa.stft(x.astype(float), n_fft=400, hop_length=200, pad_mode="reflect")) ** 2
    mel = librosa.filters.mel(sr=8000, n_fft=400, n_mels=128, fmax=4000, htk=True, norm=None, dtype=np.float64)
    decibels = librosa.power_to_db(mel @ power, ref=1.0, amin=1e-10, top_db=80.0)
    features = librosa.feature.mfcc(S=decibels, n_mfcc=13, dct_type=2, norm="ortho").T
    np.savez_compressed(Path(__file__).with_name("mfcc.npz"), x=x, features=features)


if __name__ == "__main__":
    main()
