"""What can be trained: each kind of model, how it reads a batch, what comes back, and how a file names it.

    Network          reads x; its answers are as many as its steps
    EncoderDecoder   reads x, and what its decoder is told, `batch.spoken`; its answers are as many as those
    SelfAttention    reads x at once; nothing in it is carried from step to step

All have `state_dict()` and `with_parameters(...)`. Whatever else a training run asks of a model is asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from rnnviz import self_attention
from rnnviz.arrays import Array, require
from rnnviz.bptt import backpropagate
from rnnviz.network import Network
from rnnviz.self_attention import SelfAttention, SelfAttentionTrace
from rnnviz.seq2seq.model import EncoderDecoder
from rnnviz.seq2seq.passes import Pass, backward, forward
from rnnviz.trace import Trace, unroll
from rnnviz.training import measures
from rnnviz.training.batches import Batch

Model = TypeVar("Model", Network, EncoderDecoder, SelfAttention)
KINDS = Network, EncoderDecoder, SelfAttention
AnyModel: TypeAlias = Network | EncoderDecoder | SelfAttention
Passed: TypeAlias = Trace | Pass | SelfAttentionTrace

SETTINGS = ("cell", "reset_after", "nonlinearity")  # of a recurrent network: what names and shapes do not say


@dataclass(frozen=True, eq=False)
class Back:
    """What a backward pass leaves: {parameter: gradient}, the norms by step (T,), and {gate: mean}."""

    params: Mapping[str, Array]
    step_norms: Array
    gate_means: dict[str, float]


def require_model(given: Any) -> None:
    """Raise TypeError unless `given` can be trained."""
    if not isinstance(given, KINDS):
        require("network", given, Network)


def recurrent(model: AnyModel) -> Network:
    """The network whose layers a run measures: itself, or the encoder. TypeError where nothing is recurrent."""
    found = model.encoder if isinstance(model, EncoderDecoder) else model
    require("network", found, Network)
    assert isinstance(found, Network)
    return found


def read(model: AnyModel, batch: Batch, x: Array, **how: Any) -> Passed:
    """The forward pass over a batch whose inputs are `x`, often its own; `how` is what else a Network's `unroll` takes.

    Raises TypeError where a batch lacks what an encoder-decoder needs.
    """
    lengths = getattr(batch, "lengths", None)
    if isinstance(model, SelfAttention):
        return self_attention.forward(model, x, lengths)
    if isinstance(model, Network):
        return unroll(model, x, lengths, **how)
    if not hasattr(batch, "spoken"):
        raise TypeError(f"an encoder-decoder needs batches with `spoken`, as of seq2seq.pairs; got {batch!r:.80}")
    return forward(model, x, batch.spoken, lengths)


def go_back(passed: Passed, dy: Array, truncate: int | None) -> Back:
    """The backward pass; norms and means are those of an encoder, the norms of self-attention those of dL/de_t."""
    if isinstance(passed, SelfAttentionTrace):
        looked = self_attention.backward(passed, dy)
        return Back(looked.params, measures.norms(looked.de), {})
    if isinstance(passed, Pass):
        both = backward(passed, dy)
        return Back(both.params, measures.step_norms(both.encoder), measures.gate_means(passed.encoder))
    grads = backpropagate(passed.network, passed, dy, truncate=truncate)
    return Back(grads.params, measures.step_norms(grads), measures.gate_means(passed))


def settings(model: AnyModel) -> dict[str, Any]:
    """What a file has to say of a model besides its weights; of self-attention nothing."""
    return {} if isinstance(model, SelfAttention) else {name: getattr(recurrent(model), name) for name in SETTINGS}


def rebuilt(weights: Mapping[str, Array], said: Mapping[str, Any]) -> AnyModel:
    """The model with these weights, of which a file says this. Raises as `from_state_dict` does."""
    if not said:
        return SelfAttention.from_state_dict(weights)
    if any(name.startswith("encoder.") for name in weights):
        return EncoderDecoder.from_state_dict(weights, said["reset_after"], said["nonlinearity"])
    return Network.from_state_dict(weights, **{name: said[name] for name in SETTINGS})
