"""What stands beside a control: a word on what was typed there, such as that some letters cannot be read.

A lesson's model may have `notes(values) -> {control: (name, facts)}`: words below `beside` of the language file, and
the facts that they speak of.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from lessons.common.text import Words


def notes(model: ModuleType, words: Words, values: Mapping[str, Any]) -> dict[str, str]:
    """{control: what stands beside it}; empty where the model has nothing to say."""
    found = model.notes(values) if hasattr(model, "notes") else {}
    return {control: words.label(f"beside.{name}", facts) for control, (name, facts) in found.items()}
