"""What the examples write, loaded by Python; and files for them to read. `examples.py TASK ARGUMENTS…`."""

import json
import os
import pickle
import pickletools
import sys

import numpy


def load(path, **options):
    with open(path, "rb") as file:
        return pickle.load(file, **options)


def dump(value, path, protocol):
    with open(path, "wb") as file:
        pickle.dump(value, file, int(protocol))


def batch(path):
    """What the example `batches` says of a file, from what Python loads."""
    told = load(path, encoding="bytes")
    assert set(told) == {b"batch_label", b"labels", b"data", b"filenames"}, set(told)
    data, labels, names = told[b"data"], told[b"labels"], told[b"filenames"]
    assert type(data) is numpy.ndarray and data.dtype == numpy.uint8 and data.shape == (1000, 3072)
    assert {type(label) for label in labels} == {int} and {type(name) for name in names} == {bytes}
    print(f"{told[b'batch_label'].decode()}: {len(data)} images")
    print(f"from {names[0].decode()} to {names[-1].decode()}")
    for n, name in enumerate(["red", "green", "blue"]):
        print(f"{name}: mean {data.reshape(1000, 3, 1024)[:, n].mean():.4f}")
    print("images of each class:", numpy.bincount(labels, minlength=10).tolist())


def batch_again(path, out, protocol):
    """Pickles a batch again, as Python 3 does."""
    dump(load(path, encoding="latin1"), out, protocol)


def batch_bytes(path, out, protocol):
    """The same with keys that are bytes."""
    dump({key.encode(): value for key, value in load(path, encoding="latin1").items()}, out, protocol)


def worker():
    """What the worker is asked for."""
    array = numpy.fromfunction(lambda i, j: (i * 7919 + j * 31) % 1009, (100_000, 3))
    print(json.dumps({"sort": numpy.sort(array, axis=0).tolist(), "gram": (array.T @ array).tolist()}))


def training(path, epochs):
    """Goes on with a training, and tells where it ends."""
    state = load(path)
    weights, moments = state["weights"], state["moments"]
    for layer in weights, moments:
        assert layer["slope"].shape == (3, 2) and layer["bias"].shape == (2,), layer
        assert layer["slope"].dtype == layer["bias"].dtype == numpy.float64
        assert layer["slope"].flags.writeable
    inputs = numpy.fromfunction(lambda i, j: numpy.sin(i * (j + 2)), (64, 3))
    targets = inputs @ numpy.array([[1, -2], [0.5, 0.25], [-3, 0]]) + numpy.array([10, -10])
    random = state["random"]
    for _ in range(state["epoch"], int(epochs)):
        for _ in range(64):
            random ^= random << 13 & 2**64 - 1
            random ^= random >> 7
            random ^= random << 17 & 2**64 - 1
            x, y = inputs[random % 64], targets[random % 64]
            error = x @ weights["slope"] + weights["bias"] - y
            for name, gradient in ("slope", numpy.outer(x, error)), ("bias", error):
                moments[name] = moments[name] * 0.9 + gradient
                weights[name] = weights[name] - 0.02 * moments[name]
    print(json.dumps({"random": random, "slope": weights["slope"].tolist(), "bias": weights["bias"].tolist()}))


class Command:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


def malicious(path, protocol, command):
    """A file that runs a command when it is loaded."""
    weights = numpy.arange(6, dtype="f4").reshape(2, 3)
    dump({"weights": weights, "extra": [Command(command)]}, path, protocol)


def would(path):
    """What loading a file imports and calls, in order, with nothing executed but what makes arrays."""
    told = {"globals": [], "calls": []}

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            told["globals"].append(f"{module}.{name}")
            if module.startswith("numpy") or module == "_codecs":
                return super().find_class(module, name)
            return lambda *args: told["calls"].append(f"{module}.{name}{args!r}".replace(",)", ")"))

    with open(path, "rb") as file:
        Unpickler(file).load()
    with open(path, "rb") as file:
        ops = pickletools.genops(file.read())
        told["offsets"] = [at for op, _, at in ops if op.name in ("GLOBAL", "STACK_GLOBAL")]
    print(json.dumps(told))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
