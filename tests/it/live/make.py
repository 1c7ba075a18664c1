"""Random objects, pickled by this Python and NumPy, with the rows that a reader must find in them.

    python make.py SEED COUNT

A line of JSON per pickle: `{"name", "pickle" (base64), "rows"}`.
"""
import base64
import hashlib
import json
import pickle
import random
import sys

import numpy as np

DTYPES = ['?', 'i1', 'u1', '<i2', '>i2', '<u2', '<i4', '>i4', '<u4', '<i8', '>i8', '<u8', '<f2', '>f2', '<f4', '>f4',
          '<f8', '>f8', '<c8', '>c8', '<c16', '>c16', 'S5', 'S1', '<U3', '>U3', 'V4']


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.made = []

    def value(self, depth):
        r = self.random
        if self.made and r.random() < 0.15:
            return r.choice(self.made)
        kinds = [self.atom, self.atom, self.array, self.scalar]
        if depth < 4:
            kinds += [self.list, self.dict, self.tuple, self.list, self.dict]
        value = r.choice(kinds)(depth)
        if not isinstance(value, (int, float, type(None))):
            self.made.append(value)
        return value

    def atom(self, _):
        r = self.random
        return r.choice([
            lambda: None, lambda: r.random() < 0.5, lambda: r.randrange(-300, 300), lambda: r.getrandbits(r.randrange(1, 200)),
            lambda: -r.getrandbits(r.randrange(1, 80)), r.random, lambda: float('inf'), lambda: r.uniform(-1e300, 1e300),
            self.text, lambda: bytes(r.randrange(256) for _ in range(r.randrange(300))), lambda: complex(r.random(), -1),
            lambda: bytearray(r.randrange(256) for _ in range(r.randrange(20))), lambda: {1, 2.5, 'x'},
            lambda: frozenset([r.randrange(9)]), lambda: range(r.randrange(9)), lambda: int,
        ])()

    def text(self):
        r = self.random
        letters = 'abc \\\'"\n\r\t\x00\x1a\x7f\xe9\u20ac\U0001f600\ud800'
        return ''.join(r.choice(letters) for _ in range(r.choice([0, 1, 5, 40, 300])))

    def list(self, depth):
        return [self.value(depth + 1) for _ in range(self.random.choice([0, 1, 2, 5]))]

    def tuple(self, depth):
        return tuple(self.list(depth))

    def dict(self, depth):
        return {self.key(): self.value(depth + 1) for _ in range(self.random.choice([0, 1, 2, 5]))}

    def key(self):
        r = self.random
        return r.choice([self.name, self.name, lambda: r.randrange(100), lambda: (r.randrange(9), self.name())])()

    def name(self):
        return ''.join(self.random.choice('abcd\xe9') for _ in range(3))

    def array(self, _):
        r = self.random
        shape = [r.choice([0, 1, 2, 3, 5]) for _ in range(r.randrange(4))]
        dtype = np.dtype(r.choice(DTYPES))
        size = int(np.prod(shape, dtype=int))
        raw = bytes(r.randrange(256) for _ in range(size * dtype.itemsize))
        if dtype.kind == '?' or dtype.kind == 'b':
            raw = bytes(b & 1 for b in raw)
        if dtype.kind == 'U':
            a = np.array([self.name()[:3] for _ in range(size)], dtype).reshape(shape)
        else:
            a = np.frombuffer(bytearray(raw), dtype).reshape(shape)
        how = r.randrange(6)
        if how == 1:
            a = np.asfortranarray(a)
        elif how == 2:
            a = a.transpose(r.sample(range(a.ndim), a.ndim))
        elif how == 3 and a.ndim:
            a = a[::-1]
        elif how == 4 and a.ndim:
            a = a[..., ::2]
        elif how == 5:
            a.flags.writeable = False
        return a

    def scalar(self, _):
        r = self.random
        dtype = np.dtype(r.choice(['?', 'i1', 'u1', '<i2', '<u4', '<i8', '<u8', '<f2', '<f4', '<f8', '<c8', '<c16', 'S5', '<U3']))
        return np.frombuffer(bytes(r.randrange(64, 90) if dtype.kind != 'b' else 1 for _ in range(dtype.itemsize)), dtype)[0] \
            if dtype.kind != 'U' else np.str_(self.name())


def rows(value, protocol):
    found, met = [], {}

    def visit(o, path):
        if isinstance(o, (list, tuple, dict, np.ndarray, np.generic)):
            if id(o) in met:
                return
            met[id(o)] = o
        if isinstance(o, (np.ndarray, np.generic)):
            found.append(row(o, path, protocol))
        elif isinstance(o, (list, tuple)):
            for i, item in enumerate(o):
                visit(item, '%s[%d]' % (path, i))
        elif isinstance(o, dict):
            for key, item in o.items():
                visit(item, '%s[%r]' % (path, key))
    visit(value, '')
    return found


def row(o, path, protocol):
    if isinstance(o, np.generic):
        order = 'C'
    elif o.size == 0 or sum(n > 1 for n in o.shape) <= 1:
        order = 'C'
    else:
        parts = o.__reduce_ex__(protocol)
        order = parts[1][3] if parts[0].__name__ == '_frombuffer' else 'F' if parts[2][3] else 'C'
    little = np.asarray(o, np.asarray(o).dtype.newbyteorder('<'))
    return {'path': path, 'kind': 'scalar' if isinstance(o, np.generic) else 'ndarray', 'dtype': o.dtype.str,
            'shape': list(o.shape), 'order': order, 'nbytes': o.nbytes, 'sha256': hashlib.sha256(little.tobytes()).hexdigest()}


def main():
    seed, count = map(int, sys.argv[1:])
    for number in range(seed, seed + count):
        value = Maker(number).list(0)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            data = base64.b64encode(pickle.dumps(value, protocol)).decode()
            print(json.dumps({'name': 'seed %d, protocol %d' % (number, protocol), 'pickle': data, 'rows': rows(value, protocol)}))


main()
