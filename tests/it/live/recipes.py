"""Random recipes for values of Python, and what this Python and NumPy pickle of them.

    python recipes.py SEED COUNT

The first line tells the versions, each other one is JSON: `{"name", "recipe", "pickles": {protocol: hex}, "left_out"}`. A recipe is
a list of steps; a step makes a value, and refers to values of earlier steps by their numbers.
"""
import collections
import json
import pickle
import pickletools
import platform
import random
import sys

import numpy as np


class Point:
    def __init__(self, state):
        self.__dict__.update(state)


Point.__module__ = 'shapes.plane'
Point.__qualname__ = 'Point'
sys.modules['shapes'] = sys.modules['shapes.plane'] = type(sys)('shapes')
sys.modules['shapes'].Point = Point

NUMBERS = ['|b1', '|i1', '|u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '<f2', '<f4', '<f8', '<c8', '<c16']
OTHERS = ['>i2', '>u4', '>f8', '>c8', '<f16', '>f16', '<c32', '|S1', '|S5', '<U1', '<U3', '>U2', '|V4', '|V1', '<M8[ns]', '<M8[25s]', '<m8[D]',
          '>M8[us]', '<M8', '<m8']
if tuple(map(int, np.__version__.split('.')[:2])) >= (1, 13):
    # Before, there were no such arrays.
    OTHERS += ['|S0', '<U0', '|V0']
STRUCTS = ["[('a', '<i4'), ('b', '<f8')]", "[('x', '|u1'), ('y', '<U2')]", "[('p', '<f4', (2, 2)), ('q', '|S3')]", "[('C', '|b1')]",
           "[('n', [('u', '>i2'), ('v', '<M8[s]')]), ('b', '<i8')]", "[('a', '<f8'), ('', '|V8'), ('z', '|u1')]",
           "[('k:l', '<i4')]", "[(('title', 'name'), '<i2')]", "[('numpy', '<i4'), ('dtype', '<i4')]"]
WORDS = ['numpy', 'dtype', 'ndarray', 'latin1', 'b', 'C', 'F', '<', '|', 'x', '\xe9', 'f8', 'shapes.plane', 'Point', 'OrderedDict', 'collections',
         '', 'value', 'name', 'key with spaces', '\u20ac', '\U0001f600', '\udc80', 'a\nb\\c\0\r\x1a', 'numpy._core.multiarray']


def interned(text):
    # What has one letter is made while the program runs: such literals are other objects in Python 3.11 and 3.12.
    return chr(ord(text)) if len(text) == 1 and text < '\u0100' else sys.intern(text)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.steps, self.values = [], []
        # What may be referred to again, what may be a key, and where things may be put in.
        self.shared, self.keys, self.open = [], [], []
        self.recent = []

    def add(self, step, value, key=False):
        self.steps.append(step)
        self.values.append(value)
        number = len(self.values) - 1
        self.shared.append(number)
        if key:
            self.keys.append(number)
        return number

    # ---- atoms

    def text(self):
        r = self.random
        kind = r.randrange(4)
        if kind < 2:
            return r.choice(WORDS)
        letters = 'abc\xe9\u20ac\U0001f600\ud800\'"\\\n'
        return ''.join(r.choice(letters) for _ in range(r.choice([1, 2, 5, 40, 255, 256, 70000 if r.random() < 0.05 else 3])))

    def str(self):
        text = self.text()
        # Of what no source has, surrogates, there are no literals.
        if any('\ud800' <= letter < '\ue000' for letter in text) or self.random.random() < 0.4:
            return self.add(['new_str', self.utf8(text)], ''.join(list(text)), True)
        return self.add(['str', self.utf8(text)], interned(text), True)

    @staticmethod
    def utf8(text):
        return text.encode('utf-8', 'surrogatepass').hex()

    def raw(self):
        r = self.random
        return bytes(r.randrange(256) for _ in range(r.choice([0, 1, 1, 2, 3, 200, 300]))) * (400 if r.random() < 0.05 else 1)

    def atom(self):
        r = self.random
        kind = r.randrange(11)
        if kind == 0:
            return self.add(['none'], None, True)
        if kind == 1:
            value = r.random() < 0.5
            return self.add(['bool', value], value, True)
        if kind < 5:
            value = r.choice([r.randrange(-300, 300), r.getrandbits(r.randrange(1, 200)), -r.getrandbits(r.randrange(1, 130)), 2**31, -2**31 - 1,
                              65535, 65536, 256, 2**63 - 1, 2**64, -2**63, -2**127])
            return self.add(['int', str(value)], value, True)
        if kind == 5:
            value = r.choice([r.random(), float('inf'), -0.0, 1e300 * r.random(), 5e-324, float('nan')])
            return self.add(['float', value.hex() if value == value else 'nan'], value)
        if kind == 6:
            # Of a single byte Python has one object.
            raw = self.raw()
            return self.add(['bytes', raw.hex()], (b'-' + raw)[1:], True)
        if kind == 7:
            raw = self.raw()
            return self.add(['bytearray', raw.hex()], bytearray(raw))
        if kind == 8:
            value = complex(r.random(), -r.random())
            return self.add(['complex', value.real.hex(), value.imag.hex()], value, True)
        return self.str()

    # ---- containers

    def some(self, depth, most=4):
        return [self.value(depth + 1) for _ in range(self.random.randrange(most + 1))]

    def pairs(self, depth):
        pairs, seen = [], set()
        for _ in range(self.random.randrange(5)):
            key = self.random.choice(self.keys) if self.keys and self.random.random() < 0.3 else self.str()
            if self.values[key] in seen:
                continue
            seen.add(self.values[key])
            pairs.append([key, self.value(depth + 1)])
        return pairs

    def container(self, depth):
        kind = self.random.randrange(9)
        if kind == 0:
            items = self.some(depth)
            return self.add(['tuple', items], tuple(self.values[n] for n in items))
        if kind < 3:
            items = self.some(depth)
            if self.random.random() < 0.03:
                items = [self.add(['int', '7'], 7)] * self.random.choice([999, 1000, 1001, 2000, 2001])
            number = self.add(['list', items], [self.values[n] for n in items])
            self.open.append(number)
            return number
        if kind < 6:
            pairs = self.pairs(depth)
            if self.random.random() < 0.03:
                pairs = [[self.add(['int', str(n)], n), 0] for n in range(self.random.choice([999, 1000, 1001]))]
                pairs = [[key, key] for key, _ in pairs]
            number = self.add(['dict', pairs], {self.values[k]: self.values[v] for k, v in pairs})
            self.open.append(number)
            return number
        if kind == 6:
            pairs = self.pairs(depth)
            return self.add(['ordered', pairs], collections.OrderedDict((self.values[k], self.values[v]) for k, v in pairs))
        if kind == 7:
            number = self.dict_of_strs(depth)
            value = Point.__new__(Point)
            value.__dict__ = self.values[number]
            return self.add(['instance', 'shapes.plane', 'Point', number], value)
        keys = {}
        for n in self.random.sample(self.keys, min(len(self.keys), self.random.randrange(4))):
            keys.setdefault(self.values[n], n)
        frozen = self.random.random() < 0.5
        value = (frozenset if frozen else set)(keys)
        return self.add(['frozenset' if frozen else 'set', [keys[item] for item in value]], value)

    def dict_of_strs(self, depth):
        pairs, seen = [], set()
        for _ in range(self.random.randrange(1, 4)):
            key = self.str()
            if self.values[key] not in seen:
                seen.add(self.values[key])
                pairs.append([key, self.value(depth + 1)])
        return self.add(['dict', pairs], {self.values[k]: self.values[v] for k, v in pairs})

    # ---- NumPy

    def dtype_text(self):
        r = self.random
        return r.choice(r.choice([NUMBERS, NUMBERS, OTHERS, STRUCTS]))

    @staticmethod
    def to_dtype(text):
        if not text.startswith('['):
            return np.dtype(text)

        def named(field):
            name = field[0]
            name = tuple(map(interned, name)) if isinstance(name, tuple) else interned(name)
            inner = [named(f) for f in field[1]] if isinstance(field[1], list) else field[1]
            return (name, inner) + tuple(field[2:])
        # `descr` spells padding as a field without a name.
        fields = eval(text)
        if any(field[0] == '' for field in fields):
            offset, names, formats, offsets = 0, [], [], []
            for field in fields:
                if field[0]:
                    names.append(interned(field[0]))
                    formats.append(field[1])
                    offsets.append(offset)
                offset += np.dtype(field[1]).itemsize
            return np.dtype({'names': names, 'formats': formats, 'offsets': offsets, 'itemsize': offset})
        return np.dtype([named(f) for f in fields])

    def dtype(self):
        text = self.dtype_text()
        return self.add(['dtype', text], self.to_dtype(text))

    def bytes_for(self, dtype, size):
        r = self.random
        if dtype.kind == 'U':
            text = [r.choice([0, 65, 0xe9, 0x20ac, 0x1f600]) for _ in range(size * (dtype.itemsize // 4))]
            return np.array(text, '<u4').astype(dtype.byteorder + 'u4').tobytes() if dtype.itemsize else b''
        raw = bytes(r.randrange(256) for _ in range(min(size * dtype.itemsize, 4096)))
        raw = (raw * (size * dtype.itemsize // max(len(raw), 1) + 1))[:size * dtype.itemsize]
        return bytes(byte & 1 for byte in raw) if dtype.kind == 'b' else raw

    def array(self, depth=0):
        r = self.random
        dtypes = [n for n in self.shared if self.steps[n][0] == 'dtype']
        share = r.choice(dtypes) if dtypes and r.random() < 0.5 else None
        text = self.dtype_text() if share is None else self.steps[share][1]
        dtype = self.to_dtype(text) if share is None else self.values[share]
        shape = [r.choice([0, 1, 2, 3, 5, 7]) for _ in range(r.choice([0, 1, 1, 2, 2, 3, 4]))]
        if r.random() < 0.03:
            shape = [70000 // max(dtype.itemsize, 1)]
        raw = self.bytes_for(dtype, int(np.prod(shape, dtype=int)))
        value = np.ndarray(tuple(shape), dtype, bytearray(raw) if raw else None)
        ops = []
        # Where NumPy copies what is not contiguous, padding is left as the memory was.
        is_padded = dtype.names is not None and sum(dtype[name].itemsize for name in dtype.names) < dtype.itemsize
        for _ in range(r.choice([0, 0, 0, 1, 1, 2, 3])):
            if not value.ndim or is_padded:
                break
            op = r.randrange(4)
            if op < 2:
                axes = list(range(value.ndim))
                r.shuffle(axes)
                if r.random() < 0.4:
                    axes = list(range(value.ndim))[::-1]
                ops.append(['transpose', axes])
                value = value.transpose(axes)
            elif op == 2:
                axis = r.randrange(value.ndim)
                start = r.randrange(value.shape[axis] + 1)
                stop = r.randrange(start, value.shape[axis] + 1)
                step = r.choice([1, 1, 2, -1, -2])
                ops.append(['slice', axis, start, stop, step])
                index = [slice(None)] * value.ndim
                index[axis] = slice(start, stop)
                value = value[tuple(index)]
                index[axis] = slice(None, None, step)
                value = value[tuple(index)]
            elif value.size:
                count = r.randrange(1, 4)
                ops.append(['broadcast', count])
                value = np.broadcast_to(value, (count,) + value.shape)
        if r.random() < 0.2:
            value.flags.writeable = False
        kind = 'ndarray'
        if r.random() < 0.15 and value.ndim == 2 and dtype.names is None:
            kind, value = 'matrix', value.view(np.matrix)
        elif r.random() < 0.1 and value.ndim and dtype.kind in 'SU' and dtype.itemsize:
            kind, value = 'chararray', value.view(np.char.chararray)
        elif r.random() < 0.1:
            kind, value = 'memmap', value.view(np.memmap)
        # Whether the dtype is an object of its own: views of another class keep it.
        step = ['array', kind, text, share, shape, raw.hex(), ops, bool(value.flags.writeable)]
        return self.add(step, value)

    def scalar(self, depth=0):
        text = self.random.choice(NUMBERS + ['<M8[ns]', '<m8[D]', '|S3', '<U2', '|V4'])
        dtype = np.dtype(text)
        raw = self.bytes_for(dtype, 1)
        value = np.frombuffer(raw, dtype)[0]
        # Scalars have no NUL at their end.
        dtype = value.dtype
        return self.add(['scalar', dtype.str, value.tobytes().hex() if dtype.itemsize else ''], value)

    def masked(self, depth=0):
        r = self.random
        text = r.choice(NUMBERS)
        shape = r.choice([(3,), (2, 3), (0,), ()])
        size = int(np.prod(shape, dtype=int))
        raw = self.bytes_for(np.dtype(text), size)
        mask = bytes(r.randrange(2) for _ in range(size))
        data = np.ndarray(shape, text, bytearray(raw) if raw else None)
        value = np.ma.MaskedArray(data, np.ndarray(shape, '?', bytearray(mask) if mask else None))
        return self.add(['masked', text, list(shape), raw.hex(), mask.hex()], value)

    def objects(self, depth):
        items = [n for n in self.some(depth, 6) if not isinstance(self.values[n], (np.ndarray, np.generic))]
        value = np.empty(len(items), object)
        for n, item in enumerate(items):
            value[n] = self.values[item]
        return self.add(['objects', [len(items)], items], value)

    def strings(self, depth):
        r = self.random
        texts = [''.join(r.choice('ab\xe9\u20ac') for _ in range(r.randrange(1, 30))) for _ in range(r.randrange(4))]
        if r.random() < 0.5 or not hasattr(np, 'dtypes') or not hasattr(np.dtypes, 'StringDType'):
            return self.add(['strs', texts], np.array(texts, 'U' if texts else '<U1'))
        return self.add(['strings', texts], np.array(texts, np.dtypes.StringDType()))

    def value(self, depth):
        r = self.random
        if self.shared and r.random() < 0.2:
            return r.choice(self.shared)
        kinds = [self.atom, self.atom, self.dtype, self.array, self.array, self.array, self.scalar, self.masked]
        if depth < 4:
            kinds += [lambda: self.container(depth)] * 6 + [lambda: self.objects(depth), lambda: self.strings(depth)]
        return r.choice(kinds)()

    def whole(self):
        items = [self.value(0) for _ in range(self.random.randrange(1, 6))]
        root = self.add(['list', items], [self.values[n] for n in items])
        # Containers that contain what was made after them: cycles among them.
        for _ in range(self.random.randrange(3) if self.open else 0):
            into, what = self.random.choice(self.open), self.random.choice(self.shared)
            if isinstance(self.values[into], list):
                self.steps.append(['append', into, what])
                self.values[into].append(self.values[what])
            else:
                key = self.str()
                if self.values[key] in self.values[into]:
                    continue
                self.steps.append(['set_item', into, key, what])
                self.values[into][self.values[key]] = self.values[what]
            self.values.append(None)
        self.steps.append(['root', root])
        return self.values[root]


def is_odd(pickled):
    """Whether a text of one letter is there twice. Other Pythons than 3.11 and 3.12 have one object of each; in these two the literal
    'b' of numpy.ma is another than the 'b' that b'b' is decoded to."""
    letters = [arg for _, arg, _ in pickletools.genops(pickled) if isinstance(arg, str) and len(arg) == 1 and arg < '\xff']
    return len(set(letters)) < len(letters)


def main(seed, count):
    print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
    for n in range(count):
        maker = Maker(seed * 1000003 + n)
        value = maker.whole()
        try:
            pickles = {p: pickle.dumps(value, p) for p in range(pickle.HIGHEST_PROTOCOL + 1)}
        except RecursionError:
            continue
        kept = {p: pickled.hex() for p, pickled in pickles.items() if sys.version_info[:2] not in ((3, 11), (3, 12)) or not is_odd(pickled)}
        print(json.dumps({'name': '%d/%d' % (seed, n), 'recipe': maker.steps, 'pickles': kept, 'left_out': len(pickles) - len(kept)}))


if __name__ == '__main__':
    main(int(sys.argv[1]), int(sys.argv[2]))
