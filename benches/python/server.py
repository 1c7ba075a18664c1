"""CPython's half of the benches.

Without arguments it answers requests, one a line, tab-separated:

    make    NAME PATH       write the pickle called NAME to PATH
    loads   PATH N          time pickle.loads N times
    load    PATH N          time pickle.load of the opened file N times
    dumps   PATH N          load once, then time pickle.dumps N times, in the file's own protocol
    dump    PATH N          the same to a file

An answer is a line too: `ok` and a pair of nanoseconds for each time (the call, the drop of its result), or `error` and
why. With `peak PATH` it answers with the growth of the process's peak memory by one pickle.loads, and ends.

The garbage collector stays as Python starts it: that is what users of pickle.loads have.
"""

import datetime
import pickle
import platform
import random
import sys
import time

import numpy

SEED = 20
MILLION = 1_000_000


def word(rng):
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=10))


def ints(_rng):
    return list(range(MILLION))


def mixed_ints(rng):
    # Of one, two and four bytes in no order: the opcode cannot be guessed from the one before.
    return [rng.randrange(1 << rng.choice((7, 15, 30))) for _ in range(MILLION)]


def strings(rng):
    return [word(rng) for _ in range(MILLION)]


def floats_by_name(rng):
    return {f"{word(rng)[:4]}{i}": rng.random() for i in range(MILLION)}


def nested(rng):
    return [
        {
            "id": i,
            "name": f"n{i}",
            "pos": {"x": rng.random(), "y": rng.random()},
            # A list of its own each time, of strings that are shared.
            "tags": ["a", "b"],
        }
        for i in range(200_000)
    ]


def arrays(_rng):
    rows = numpy.random.default_rng(SEED).random((100_000, 8))
    return [row.copy() for row in rows]


def large(_rng):
    return numpy.random.default_rng(SEED).random(1 << 25, dtype=numpy.float32)


MAKERS = {
    "ints": (ints, 4),
    "mixed_ints": (mixed_ints, 4),
    "strings": (strings, 4),
    "floats_by_name": (floats_by_name, 4),
    "nested": (nested, 4),
    "floats_p2": (floats_by_name, 2),
    "floats_p5": (floats_by_name, 5),
    "nested_p2": (nested, 2),
    "nested_p5": (nested, 5),
    "arrays_p2": (arrays, 2),
    "arrays_p4": (arrays, 4),
    "arrays_p5": (arrays, 5),
    "large_p2": (large, 2),
    "large_p4": (large, 4),
    "large_p5": (large, 5),
}


def make(name, path):
    maker, protocol = MAKERS[name]
    with open(path, "wb") as file:
        pickle.dump(maker(random.Random(SEED)), file, protocol)
    return []


def timed(call, n):
    times = []
    for _ in range(n):
        start = time.perf_counter_ns()
        result = call()
        made = time.perf_counter_ns()
        del result
        times += [made - start, time.perf_counter_ns() - made]
    return times


def read(path):
    with open(path, "rb") as file:
        return file.read()


def loads(path, n):
    data = read(path)
    return timed(lambda: pickle.loads(data), int(n))


def load(path, n):
    def call():
        with open(path, "rb") as file:
            return pickle.load(file)

    return timed(call, int(n))


def dumps(path, n):
    data = read(path)
    value = pickle.loads(data)
    return timed(lambda: pickle.dumps(value, data[1]), int(n))


def dump(path, n):
    data = read(path)
    value = pickle.loads(data)

    def call():
        with open(path + ".python", "wb") as file:
            pickle.dump(value, file, data[1])

    return timed(call, int(n))


def peak_kib():
    """Peak resident memory so far; the same field is read in Rust."""
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1])


def peak(path):
    data = read(path)
    before = peak_kib()
    value = pickle.loads(data)
    after = peak_kib()
    del value
    return [after - before]


COMMANDS = {command.__name__: command for command in (make, loads, load, dumps, dump, peak)}


def answer(words):
    try:
        print("ok", *COMMANDS[words[0]](*words[1:]), sep="\t", flush=True)
    except Exception as error:
        print("error", f"{type(error).__name__}: {error}".replace("\n", " "), sep="\t", flush=True)


if len(sys.argv) > 1:
    answer(sys.argv[1:])
else:
    print(platform.python_version(), numpy.__version__, datetime.date.today(), sep="\t", flush=True)
    for line in sys.stdin:
        answer(line.rstrip("\n").split("\t"))
