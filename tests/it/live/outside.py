"""Values with parts outside of the pickle: `make` tells their pickles, `load FILE` loads what was made of those and compares."""
import collections
import copyreg
import fractions
import io
import json
import pickle
import platform
import sys

import numpy as np


class Stored:
    """An object that is stored elsewhere."""

    def __init__(self, pid):
        self.pid = pid

    def __eq__(self, other):
        # In protocol 0 an id is a line of text.
        return type(other) is Stored and (self.pid == other.pid or str(self.pid) == other.pid)


class Plain:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return type(other) is Plain and self.name == other.name


for module, name, code in [
    (__name__, 'Plain', 7),
    ('collections', 'OrderedDict', 255),
    ('fractions', 'Fraction', 256),
    ('collections', 'Counter', 65535),
    ('collections', 'deque', 65536),
    ('math', 'sin', 2**31 - 1),
]:
    copyreg.add_extension(module, name, code)


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return value.pid if isinstance(value, Stored) else None


class Unpickler(pickle.Unpickler):
    def persistent_load(self, pid):
        return Stored(pid)


def persistent():
    one = Stored('shared')
    return {
        'lines': [Stored('one'), Stored('two words'), {'key': Stored('x')}, (Stored(''),), np.arange(3)],
        'shared lines': [one, one, Stored(one.pid), one.pid],
        'ints': [Stored(5), Stored(-1), Stored(2**40), Stored(-2**70)],
        'objects': [Stored(('storage', 7, b'bytes')), Stored([1, 2]), Stored(('in', Stored('another'))), Stored({'a'}), Stored(np.int64(3))],
    }


def by_code():
    third = fractions.Fraction(1, 3)
    return {
        'classes': [Plain, collections.Counter, Plain, collections.deque],
        'objects': [Plain('one'), {'two': Plain('two')}, third, third, fractions.Fraction(2, 3)],
        'collections': [collections.OrderedDict(one=1, two=[2]), collections.Counter({'three': 3, 'four': 4}), collections.deque([1, 2], 5)],
        'function': [np.sin, __import__('math').sin],
    }


def dumped(value, protocol):
    out = io.BytesIO()
    Pickler(out, protocol).dump(value)
    return out.getvalue().hex()


def make():
    print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
    for kind, cases in {'persistent': persistent(), 'code': by_code()}.items():
        for name, value in cases.items():
            protocols = range(1, 6) if (kind, name) == ('persistent', 'objects') else range(6)
            pickles = {protocol: dumped(value, protocol) for protocol in protocols}
            print(json.dumps({'kind': kind, 'name': name, 'pickles': pickles}))


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.tolist() == b.tolist()
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def load(path):
    expected = {'persistent': persistent(), 'code': by_code()}
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            found = Unpickler(io.BytesIO(bytes.fromhex(told['pickle']))).load()
            if not same(expected[told['kind']][told['name']], found):
                print('%s %s: %r' % (told['name'], told['way'], found))


make() if sys.argv[1] == 'make' else load(sys.argv[2])
