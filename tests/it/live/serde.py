"""Values of a table, by their Python: `make FILE` tells the pickles of the expressions in FILE, `load FILE` loads what was made of
the Rust of the same rows and compares."""
import collections
import dataclasses
import datetime
import decimal
import fractions
import json
import pathlib
import pickle
import platform
import sys
import uuid

import numpy as np

Point = collections.namedtuple('Point', 'x y')
Point.__module__ = __name__


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slots:
    __slots__ = ('name', 'price')

    def __init__(self, name, price):
        self.name, self.price = name, price


class Outer:
    class Inner(Plain):
        pass


@dataclasses.dataclass
class Item:
    name: str
    price: float
    tags: list


class Metres(float):
    pass


class Names(list):
    pass


def having(instance, **attributes):
    instance.__dict__.update(attributes)
    return instance


class Table(dict):
    pass


class Name(str):
    pass


class Raw(bytes):
    pass


class Stated:
    """Its state is no dict of attributes."""

    def __getstate__(self):
        return (1, 't')

    def __setstate__(self, state):
        pass


def same(a, b):
    """Whether two values are of the same types and equal, bit for bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.flags.f_contiguous == b.flags.f_contiguous and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return float(a).hex() == float(b).hex()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b)) and state(a) == state(b)
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(k, l) and same(a[k], b[l]) for k, l in zip(a, b))
    if hasattr(a, '__dict__') and not callable(a):
        return same(state(a), state(b))
    return a == b


def state(value):
    return getattr(value, '__dict__', None)


def main(command, path):
    with open(path, encoding='utf-8') as file:
        rows = [json.loads(line) for line in file]
    if command == 'make':
        print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
        for row in rows:
            value = eval(row['python'])
            protocols = range(row.get('from', 0), 6)
            print(json.dumps({str(protocol): pickle.dumps(value, protocol).hex() for protocol in protocols}))
        return
    for row in rows:
        expected, name = eval(row['python']), f"{row['python']} in protocol {row['protocol']}"
        try:
            found = pickle.loads(bytes.fromhex(row['pickle']))
        except Exception as error:
            print(f'{name}: {error!r}')
            continue
        if not same(found, expected):
            print(f'{name}: {found!r}')


if __name__ == '__main__':
    main(*sys.argv[1:])
