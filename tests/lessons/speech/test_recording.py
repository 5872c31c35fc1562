"""One's own recording: its features are another library's, and what cannot be heard is refused by name."""

import io
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from lessons.common import text
from lessons.speech import model, recording
from lessons.speech.recording import Refused, hear, mfcc, trimmed

WORDS = text.load(Path(text.__file__).parents[1] / "speech")
RATE = 8000


def tone(seconds=0.5, rate=RATE, loud=0.5):
    t = np.arange(int(seconds * rate)) / rate
    return loud * np.sin(2 * np.pi * 300 * t) * np.hanning(len(t)) ** 0.25


def wav(samples, rate=RATE, kind=np.int16):
    file = io.BytesIO()
    full = np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1
    wavfile.write(file, rate, (np.asarray(samples) * full).astype(kind))
    return file.getvalue()


def test_the_features_are_those_of_librosa_with_torchaudios_defaults():
    with np.load(Path(__file__).with_name("mfcc.npz")) as golden:
        np.testing.assert_allclose(mfcc(golden["x"].astype(float)), golden["features"], atol=1e-4)


def test_a_silent_frame_lies_on_the_floor():
    """All bands 80 decibels below the loudest: the first coefficient alone is left of the cosine transform."""
    signal = np.concatenate([tone(), np.zeros(RATE // 2)])
    silent = mfcc(signal)[-5:]
    np.testing.assert_allclose(silent[:, 1:], 0, atol=1e-9)
    np.testing.assert_allclose(silent[:, 0], silent[0, 0])


def test_each_frequency_lies_in_two_triangles_that_sum_to_one():
    """Between the first and the last centre."""
    inside = recording.filters().sum(axis=1)[2:-4]
    np.testing.assert_allclose(inside, 1, atol=1e-9)


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.float32])
def test_what_a_sample_is_stored_as_does_not_matter(kind):
    found, like = hear(wav(tone(), kind=kind)), hear(wav(tone(), kind=np.float64))
    np.testing.assert_allclose(found.features, like.features, atol=0.5)


def test_silence_at_both_ends_is_left_out_and_channels_are_joined():
    quiet = np.zeros(RATE // 2)
    padded = np.concatenate([quiet, tone(), quiet])
    alone, found = hear(wav(tone())), hear(wav(np.stack([padded, padded], axis=1)))
    assert len(found.features) == len(alone.features)
    np.testing.assert_allclose(found.features, alone.features, atol=0.5)
    assert found.channels == 2
    assert found.cut == pytest.approx(1.0, abs=0.06)
    assert len(trimmed(padded)) == pytest.approx(len(tone()), abs=600)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_other_sampling_rates_give_nearly_the_same_features(rate):
    found, like = hear(wav(tone(rate=rate), rate)), hear(wav(tone()))
    assert found.rate == rate
    assert abs(len(found.features) - len(like.features)) <= 1
    n = min(len(found.features), len(like.features))
    spread = like.features.std()
    assert np.abs(found.features[2 : n - 2, :6] - like.features[2 : n - 2, :6]).mean() < 0.35 * spread


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "no_wav"),
        (b"ID3" + bytes(2000), "no_wav"),
        (wav(tone())[:30], "no_wav"),
        (wav(np.zeros(0)), "empty"),
        (wav(np.zeros(RATE)), "silent"),
        (wav(np.full(RATE, 0.5)), "silent"),
        (wav(tone(loud=0.01)), "quiet"),
        (wav(tone(0.06)), "too_short"),
        (wav(tone(2.5)), "too_much"),
        (wav(tone(16)), "too_long"),
        (wav(tone(rate=4000), 4000), "rate"),
        (wav(np.where(np.arange(RATE) == 7, np.nan, 0.5), kind=np.float32), "broken"),
        (bytes(recording.MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_heard_is_refused_by_name(data, name):
    with pytest.raises(Refused) as refused:
        hear(data)
    assert refused.value.name == name
    assert WORDS.label(f"own.said.{name}", refused.value.facts)


def test_what_is_heard_is_told():
    _, name, facts = model.hear(wav(np.stack([tone(rate=16_000)] * 2, axis=1), 16_000))
    said = WORDS.label(f"own.said.{name}", facts)
    assert "joined into one" in said
    assert "from 16000 to 8000" in said


def test_whoever_says_the_same_more_softly_is_heard_the_same():
    one, other = (model.hear(wav(tone(loud=loud), kind=np.float32))[0] for loud in (0.9, 0.2))
    np.testing.assert_allclose(one.x, other.x, atol=1e-3)
    assert one.said == other.said


def test_what_a_microphone_adds_to_all_samples_is_not_heard():
    found, like = hear(wav(tone() + 0.2, kind=np.float64)), hear(wav(tone(), kind=np.float64))
    np.testing.assert_allclose(found.features, like.features, atol=1e-6)
