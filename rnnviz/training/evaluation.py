"""How good a network is on a batch that it does not learn from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnviz.arrays import Array, require, require_function
from rnnviz.losses import Loss
from rnnviz.network import Network
from rnnviz.regularization import Regularization
from rnnviz.training.batches import Batch, loss_of, parts, require_regularization
from rnnviz.training.models import AnyModel, read, require_model


@dataclass(frozen=True)
class Evaluation:
    """Of one network on one batch.

    loss     the mean loss of the counted steps
    metrics  {name: what that metric gave}, what else was asked for
    """

    loss: float
    metrics: Mapping[str, Any]


def evaluate(
    network: AnyModel,
    batch: Batch,
    loss: Callable[[Array, Any, Any], Loss] | None = None,
    metrics: Mapping[str, Callable[[Array, Any, Any], Any]] | None = None,
    regularization: Regularization | None = None,
) -> Evaluation:
    """Loss and metrics of `network` on a fixed batch; nothing is learned, and nothing drawn.

    network         or an encoder-decoder, under teacher forcing, or a self-attention network
    batch           x (T, B, I), targets, mask, lengths, as in `train`; draw it once, from a generator of its own
    loss            (y, targets, mask) -> Loss; None: the batch's own, `batch.loss(y)`
    metrics         {name: function of (y, targets, mask)}, such as those of `rnnviz.metrics`
    regularization  what it was trained with; evaluation takes its average, which for dropout is the plain network

    Raises as `rnnviz.unroll` and the loss do.
    """
    require_model(network)
    require_regularization(regularization)
    if loss is not None:
        require_function("loss", loss, "(y, targets, mask) -> Loss")
    if metrics is not None:
        require("metrics", metrics, Mapping)
        for name, metric in metrics.items():
            require_function(f"metrics: {name}", metric, "(y, targets, mask) -> result")
    how = {}
    if regularization is not None and isinstance(network, Network):
        how["masks"] = regularization.expected(network)
    y = read(network, batch, parts(batch).x, **how).y
    found = {name: metric(y, batch.targets, batch.mask) for name, metric in (metrics or {}).items()}
    return Evaluation(loss_of(batch, y, loss).value, found)
