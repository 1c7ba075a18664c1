"""Dtypes by themselves and with an array of them.

    python dtypes.py SEED COUNT

All plain ones, structured ones of every making, and COUNT random ones.
"""
import random
import sys

import numpy as np

from told import dtype_told, tell

PLAIN = ['?', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16', 'g', 'G', 'l', 'L', 'q', 'Q', 'p',
         'S', 'S1', 'S5', 'U', 'U1', 'U7', 'V', 'V1', 'V9', 'O', 'c', 'M8', 'm8']
UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as']
TIMES = ['%s8[%s%s]' % (kind, count, unit) for kind in 'Mm' for unit in UNITS for count in ('', '2', '25', '1000000')]
TIMES += ['M8[s/4]', 'm8[D/2]', 'M8[Y/12]']
NAMES = ['a', 'b', 'x y', '\xe9', '\u540d', "it's", '"quoted"', '\'"', 'back\\slash', 'new\nline', '\U0001f600', 'f1', '1']


def plain():
    for code in PLAIN:
        for order in '<>':
            yield np.dtype(code).newbyteorder(order)
    for code in TIMES:
        yield np.dtype(code)
    for code in TIMES[::7]:
        yield np.dtype(code).newbyteorder('>')
    for shape in [(), (1,), (2, 3), (0,), (0, 5), (4, 0)]:
        yield np.dtype(('<i4', shape))
    yield np.dtype((np.dtype(('<i4', (2,))), (3,)))
    yield np.dtype(('>f8', (2, 2)), metadata={'axis': 1})


def structured():
    yield np.dtype([])
    yield np.dtype({'names': [], 'formats': [], 'itemsize': 8})
    yield np.dtype([('a', 'i1'), ('b', '>f8')])
    yield np.dtype([('a', 'i1'), ('b', '>f8')], align=True)
    yield np.dtype('i1, (2,3)f4, S5, 3U2', align=True)
    yield np.dtype([('', 'i4'), ('', 'f4')])
    yield np.dtype([(name, 'i2') for name in NAMES])
    yield np.dtype([(('Title of ' + name, name), 'i2') for name in NAMES])
    yield np.dtype([('p', [('x', 'f4'), ('y', [('z', 'M8[25us]', (2,))], (2, 1))]), ('o', 'O', (2,))])
    yield np.dtype([('a', 'i1'), ('in', np.dtype([('a', 'i1'), ('b', 'i8')], align=True))])
    yield np.dtype({'names': ['a', 'b'], 'formats': ['i4', 'i2'], 'offsets': [4, 0]})
    yield np.dtype({'names': ['a', 'b'], 'formats': ['i4', 'i2'], 'offsets': [0, 2]})
    yield np.dtype({'names': ['a', 'b'], 'formats': ['i4', 'i2'], 'offsets': [3, 10], 'itemsize': 100})
    yield np.dtype({'names': ['a', 'b'], 'formats': ['i4', 'i2'], 'titles': ['A', None]})
    yield np.dtype({'names': ['a', 'b'], 'formats': ['i4', 'i2'], 'titles': [5, 'B']})
    yield np.dtype({'names': [''], 'formats': ['<i4']})
    yield np.dtype({'names': ['', 'a'], 'formats': ['<i4', 'V3']})
    yield np.dtype({'names': [''], 'formats': [('<i4', (2,))]})
    yield np.dtype([('a', 'S0'), ('b', 'U0'), ('c', 'V0'), ('d', 'i4', (0,)), ('e', [])])
    yield np.dtype((np.record, [('a', 'i4'), ('r', (np.record, [('b', 'f4')]))]))
    yield np.dtype((np.record, np.dtype([('a', 'i1'), ('b', 'i8')], align=True)))
    yield np.dtype(('>i4', {'low': ('u1', 3), 'high': ('u1', 0)}))
    yield np.dtype(('<f8', [('low', '<u4'), ('high', '<u4')]))
    yield np.dtype(('S4', [('first', 'S1'), ('rest', 'S3')]))
    yield np.dtype(('U2', [('first', '<U1'), ('second', '<U1')]))
    yield np.dtype('f8', metadata={'unit': 1})
    yield np.dtype('f8', metadata={})
    yield np.dtype('>M8[3s]', metadata={'zone': 2, 'b': 3})
    yield np.dtype([('a', 'i4')], metadata={'rows': 5})
    yield np.dtype([('a', np.dtype('i4', metadata={'k': 1}))])
    yield np.dtype([('a', np.dtype('i4', metadata={'k': 1}), (2,))])
    yield np.dtype([('a', np.dtype([('b', 'i4')], metadata={'k': 1}))])
    yield np.dtype([('a', np.dtype([('b', np.dtype('i4', metadata={'k': 1}))]))])
    yield np.dtype([('a', np.dtype((np.dtype('i4', metadata={'k': 1}), (2,))), (3,))])
    yield np.dtype([('f%d' % n, 'i1') for n in range(1000)])
    deep = np.dtype('>i2')
    for _ in range(30):
        deep = np.dtype([('in', deep)])
    yield deep


def strings():
    if not hasattr(getattr(np, 'dtypes', None), 'StringDType'):
        return
    make = np.dtypes.StringDType
    yield make()
    yield make(coerce=False)
    for missing in [None, float('nan'), 'missing', "it's", '', '\u20ac']:
        yield make(na_object=missing)
        yield make(na_object=missing, coerce=False)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def dtype(self, depth):
        r = self.random
        making = r.choice([self.leaf, self.packed, self.placed, self.subarray] if depth < 4 else [self.leaf])
        dtype = making(depth)
        if r.random() < 0.03:
            dtype = np.dtype(dtype, metadata={'depth': depth})
        return dtype

    def leaf(self, _):
        r = self.random
        return np.dtype(r.choice(PLAIN[:-2] + TIMES)).newbyteorder(r.choice('<>'))

    def subarray(self, depth):
        r = self.random
        return np.dtype((self.dtype(depth + 1), tuple(r.choice([0, 1, 2, 3]) for _ in range(r.choice([1, 1, 2, 3])))))

    def names(self):
        return self.random.sample(NAMES, self.random.choice([0, 1, 2, 3, 5]))

    def packed(self, depth):
        r = self.random
        fields = [((name, ('T ' + name, name))[r.random() < 0.2], self.dtype(depth + 1)) for name in self.names()]
        dtype = np.dtype(fields, align=r.random() < 0.4)
        return np.dtype((np.record, dtype)) if r.random() < 0.2 else dtype

    def placed(self, depth):
        r = self.random
        names = self.names()
        formats = [self.dtype(depth + 1) for _ in names]
        offsets, end = [], 0
        for dtype in formats:
            offsets.append(max(0, end + r.choice([0, 0, 0, 1, 7, -1])))
            end = offsets[-1] + dtype.itemsize
        if r.random() < 0.2:
            pairs = list(zip(names, formats, offsets))
            r.shuffle(pairs)
            names, formats, offsets = map(list, zip(*pairs)) if pairs else ([], [], [])
        size = max([offset + dtype.itemsize for offset, dtype in zip(offsets, formats)] + [0]) + r.choice([0, 0, 3])
        return np.dtype({'names': names, 'formats': formats, 'offsets': offsets, 'itemsize': size})


def maybe(make):
    try:
        return dtype_told(make())
    except (TypeError, ValueError, SyntaxError):
        return None


def case(name, dtype):
    array = np.zeros(1, dtype) if dtype.itemsize < 10000 and dtype.subdtype is None else None
    metadata = None if not dtype.metadata else [[key, value] for key, value in dtype.metadata.items()]
    tell(name, (dtype, array), dtype=dtype_told(dtype), array=None if array is None else dtype_told(array.dtype),
         metadata=metadata, of_str=maybe(lambda: np.dtype(dtype.str)),
         # A title that is no text has no reader.
         of_descr=None if '((5, ' in str(dtype) else maybe(lambda: np.lib.format.descr_to_dtype(dtype.descr)))


def main():
    seed, count = map(int, sys.argv[1:])
    for group in (plain, structured, strings):
        for number, dtype in enumerate(group()):
            case('%s %d: %r' % (group.__name__, number, dtype), dtype)
    made = 0
    maker = Maker(seed)
    while made < count:
        try:
            dtype = maker.dtype(0)
            text = repr(dtype)
        except (TypeError, ValueError, ZeroDivisionError):
            # Objects that overlap something; a dtype of no size where an older NumPy divides by it.
            continue
        case('random %d: %s' % (made, text), dtype)
        made += 1


main()
