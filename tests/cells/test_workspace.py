"""Laws of the memory that passes leave to the next: it is used again, and never while somebody can still read it."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnnviz import Network, backpropagate, unroll
from rnnviz.cells import workspace
from rnnviz.cells.workspace import MOST, Room, Workspace
from tests.networks import KINDS, gradients, random_network, records

by_kind = pytest.mark.parametrize("kind", KINDS)
T, B = 5, 3


def network_of(kind: str, seed: int = 0, **sizes) -> Network:
    return random_network(np.random.default_rng(seed), kind, **{"num_layers": 2, "bidirectional": True} | sizes)


def inputs(rng: np.random.Generator, network: Network, steps: int = T) -> tuple[np.ndarray, np.ndarray]:
    """x and dy."""
    return rng.standard_normal((steps, B, network.input_size)), rng.standard_normal((steps, B, network.output_width))


def everything(network: Network, x: np.ndarray, dy: np.ndarray, **settings) -> dict[str, np.ndarray]:
    """All arrays of both passes."""
    trace = unroll(network, x, **settings)
    return records(trace) | gradients(backpropagate(network, trace, dy))


def anew(network: Network) -> Network:
    """The same weights with nothing to reuse."""
    return Network.from_state_dict(network.state_dict(), network.cell, network.reset_after, network.nonlinearity)


def copies(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: a.copy() for name, a in arrays.items()}


def assert_same_bits(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, a in found.items():
        assert a.tobytes() == expected[name].tobytes(), name


def address(a: np.ndarray) -> int:
    return a.__array_interface__["data"][0]


def pair(*sizes: int) -> Room:
    arrays = workspace.array(sizes, float), workspace.array(sizes, float)
    return Room(arrays, list(zip(*arrays)))


# What reuse rests on --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "look",
    [
        lambda a: a[1],
        lambda a: a[1:, ::2],
        lambda a: a.T,
        lambda a: a.transpose(0, 2, 1)[::-1],
        lambda a: a.reshape(-1),
        lambda a: a.view(),
        lambda a: a[None],
        lambda a: a[1:][1:][0],
        lambda a: a.flat,
        lambda a: np.broadcast_to(a, (2, *a.shape)),
        lambda a: np.lib.stride_tricks.sliding_window_view(a, 2, axis=0),
        lambda a: np.asarray(memoryview(a[1])),
        lambda a: np.frombuffer(a, a.dtype),
        lambda a: np.from_dlpack(a[1]),
        lambda a: a[1].view(np.recarray)[:1],
        lambda a: memoryview(a[1]),
        lambda a: a.__array_interface__ and np.asarray(Interface(a)),
        lambda a: iter(a),
        lambda a: a[1].ctypes,
    ],
)
def test_whatever_can_read_a_loan_keeps_it_from_the_next_pass(look):
    space = Workspace()
    (lent, other), _ = space.enter(pair, 4, 3, 2)
    place, seen = address(lent), look(lent)
    del lent, other
    (next_lent, _), _ = space.enter(pair, 4, 3, 2)
    assert address(next_lent) != place
    del seen, next_lent, _
    both = [space.enter(pair, 4, 3, 2)[0] for _ in range(2)]
    assert place in {address(loans[0]) for loans in both}


class Interface:
    """An object that hands its array on by NumPy's own protocol."""

    def __init__(self, a: np.ndarray) -> None:
        self.a, self.__array_interface__ = a, a.__array_interface__


def test_a_room_that_nobody_reads_is_lent_again_with_its_views():
    space = Workspace()
    loans, room = space.enter(pair, 4, 3, 2)
    place = address(loans[0])
    del loans
    loans, again = space.enter(pair, 4, 3, 2)
    assert again is room
    assert address(loans[0]) == place == address(room.steps[0][0])


def test_other_sizes_are_another_room():
    space = Workspace()
    room = space.enter(pair, 4, 3, 2)[1]
    assert space.enter(pair, 4, 3, 1)[1] is not room
    assert space.enter(pair, 4, 3, 2)[1] is room


def test_no_more_than_a_few_rooms_are_kept_and_the_oldest_goes_first():
    space = Workspace()
    made = [space.enter(pair, 1, 1, n)[1] for n in range(1, MOST + 2)]
    assert space.enter(pair, 1, 1, MOST + 1)[1] is made[-1]
    assert space.enter(pair, 1, 1, 2)[1] is made[1]
    assert space.enter(pair, 1, 1, 1)[1] is not made[0]


def test_a_copied_or_pickled_network_has_nothing_to_share():
    network = network_of("lstm")
    x, dy = inputs(np.random.default_rng(0), network)
    kept = everything(network, x, dy)
    expected = copies(kept)
    for other in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert other.layers[0][0].workspace is not network.layers[0][0].workspace
        for _ in range(3):
            everything(other, -x, dy)
    assert_same_bits(kept, expected)
    pickled = pickle.loads(pickle.dumps(backpropagate(network, unroll(network, x), dy)))
    assert_same_bits(gradients(pickled), {name: a for name, a in expected.items() if name in gradients(pickled)})


# What it means for a network ------------------------------------------------------------------------------------------


@by_kind
def test_passes_of_the_same_sizes_reuse_their_memory(kind, monkeypatch):
    network, rng, made = network_of(kind), np.random.default_rng(0), []
    monkeypatch.setattr(workspace, "_Let", lambda *args, make=workspace._Let: made.append(args) or make(*args))
    for count in range(20):
        x, dy = inputs(rng, network)
        trace = unroll(network, x)
        grads = backpropagate(network, trace, dy)
        network = network.with_parameters(
            {name: p - 0.01 * grads.params[name] for name, p in network.state_dict().items()}
        )
        if count == 2:
            made.clear()
    assert not made


@by_kind
def test_reuse_changes_no_bit(kind):
    network, rng = network_of(kind), np.random.default_rng(0)
    for turn in range(12):
        x, dy = inputs(rng, network, steps=(T, T, 3)[turn % 3])
        lengths = None if turn % 2 else rng.integers(1, len(x) + 1, B)
        assert_same_bits(everything(network, x, dy, lengths=lengths), everything(anew(network), x, dy, lengths=lengths))


@by_kind
def test_what_is_kept_of_a_pass_is_never_overwritten(kind):
    """Whole traces and gradients, single arrays, slices of them: kept for a while, while passes go on."""
    network, rng, kept = network_of(kind), np.random.default_rng(0), []
    for turn in range(60):
        x, dy = inputs(rng, network)
        trace = unroll(network, x)
        grads = backpropagate(network, trace, dy)
        arrays = records(trace) | gradients(grads)
        name = rng.choice(list(arrays))
        slices = {"alone": arrays[name], "slice": arrays[name][:1], "transposed": arrays[name].T}
        whole = {"trace": trace, "grads": grads}
        for thing in (slices, whole, arrays)[turn % 3 :: 3]:
            read = records(trace) | gradients(grads) if thing is whole else thing
            kept.append((thing, copies(read)))
        del trace, grads, arrays, slices, whole, thing, read
        for thing, expected in kept:
            found = records(thing["trace"]) | gradients(thing["grads"]) if "grads" in thing else thing
            assert_same_bits(found, expected)
        if len(kept) > 6:
            kept.pop(int(rng.integers(len(kept))))


@by_kind
def test_gradients_outlive_their_trace_and_one_trace_gives_many(kind):
    network, rng = network_of(kind), np.random.default_rng(0)
    x, dy = inputs(rng, network)
    trace = unroll(network, x)
    many = [backpropagate(network, trace, k * dy) for k in range(1, 5)]
    del trace
    for _ in range(5):
        everything(network, *inputs(rng, network))
    for k, grads in enumerate(many, start=1):
        fresh = anew(network)
        assert_same_bits(gradients(grads), gradients(backpropagate(fresh, unroll(fresh, x), k * dy)))


@by_kind
def test_a_pass_that_breaks_off_spoils_nothing(kind):
    network, rng = network_of(kind), np.random.default_rng(0)
    x, dy = inputs(rng, network)
    kept = everything(network, x, dy)
    expected = copies(kept)
    for calls in (1, 4):
        other = network.with_parameters(network.state_dict())  # shares the memory
        breaking(other.layers[1][0], calls)
        with pytest.raises(KeyboardInterrupt):
            unroll(other, -x)
    assert_same_bits(kept, expected)
    assert_same_bits(everything(network, x, dy), expected)


def breaking(cell, calls: int) -> None:
    """Let the cell's product fail at this call."""

    class Product:
        def __init__(self, weights: np.ndarray) -> None:
            self.weights, self.left = weights, calls
            self.shape, self.dtype = weights.shape, weights.dtype

        def dot(self, *args: np.ndarray) -> None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt
            self.weights.dot(*args)

    packed = cell._packed
    spoiled = (Product(packed[0]), *packed[1:]) if isinstance(packed, tuple) else Product(packed)
    cell.__dict__["_packed"] = spoiled


def test_threads_may_share_a_network():
    network, rng = network_of("gru"), np.random.default_rng(0)
    given = [inputs(rng, network) for _ in range(40)]
    expected = [everything(anew(network), *one) for one in given]
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda one: copies(everything(network, *one)), given)
    for one, other in zip(found, expected):
        assert_same_bits(one, other)


def test_a_run_of_many_lengths_keeps_little():
    network, rng = network_of("lstm", num_layers=1, bidirectional=False), np.random.default_rng(0)
    for steps in range(1, 30):
        everything(network, *inputs(rng, network, steps))
    assert len(network.layers[0][0].workspace._rooms) <= MOST
