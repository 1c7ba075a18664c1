# Values of every type, pickled in every protocol; and pickles of ours, which are to be the same values.
import collections
import datetime
import decimal
import json
import pickle
import sys
import types

import numpy as np

INF = float('inf')


def plain():
    """What `repr` tells of in full."""
    yield 'atoms', [None, True, False, 0, -1, 255, 65536, -2 ** 31, 2 ** 63 - 1, -2 ** 63]
    yield 'large', [2 ** 63, -2 ** 63 - 1, 2 ** 64, 10 ** 100, -10 ** 100, 1 << 2100]
    yield 'floats', [0.0, -0.0, 1.5, -2.5, 1e300, 5e-324, INF, -INF]
    yield 'complex', [1.5 - 2j, complex(0.0, -0.0), 1e300j]
    yield 'texts', ['', 'a', 'abc', "it's", '"', '\u00e9', '\u4e2d\u6587', '\U0001f600', 'x' * 300]
    yield 'bytes', [b'', b'a', b'\xff', b'abc\n\x00', bytes(range(256))]
    yield 'bytearrays', [bytearray(), bytearray(b'a'), bytearray(range(256))]
    yield 'tuples', [(), (1,), (1, 2), (1, 2, 3), (1, (2, (3,))), tuple(range(20))]
    yield 'lists', [[], [[]], [[], [1, [2]]]]
    yield 'dicts', [{}, {'b': 1, 'a': [2]}, {1: 2, None: 3, (1, 2): 4, 2.5: {}, b'k': 5}]
    yield 'sets', [set(), {1}, frozenset(), frozenset({2}), {frozenset({3})}]


class Plain(object):
    pass


class Slots(object):
    __slots__ = ['x', 'y']


def instance(cls, **attributes):
    made = cls()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


class Args(object):
    """Made by NEWOBJ with an argument."""

    def __new__(cls, text):
        made = object.__new__(cls)
        made.text = text
        return made

    def __getnewargs__(self):
        return (self.text,)


class Kwargs(Args):
    """Made by NEWOBJ_EX."""

    def __getnewargs_ex__(self):
        return ((), {'text': self.text})


def others():
    yield 'surrogates', ['\ud800', 'a\udfffb']
    yield 'nan', [float('nan')]
    yield 'globals', [int, len, collections.OrderedDict, datetime.datetime, Plain]
    yield 'ordered', collections.OrderedDict([('b', 1), ('a', [2])])
    yield 'default', collections.defaultdict(list, {'a': [1]})
    yield 'counter', collections.Counter('abca')
    yield 'deque', collections.deque([1, [2]], 5)
    yield 'dates', [datetime.date(2020, 2, 29), datetime.timedelta(1, 2), decimal.Decimal('1.10'), range(3)]
    yield 'plain', instance(Plain, a=1, b=[2])
    yield 'slots', instance(Slots, x=1, y=[2])
    yield 'namespace', types.SimpleNamespace(a=1)
    yield 'exception', ValueError('no', 1)
    for code in ['?', 'i1', '<u2', '>i4', 'u8', 'f2', '>f4', 'f8', 'c8', 'c16', 'M8[ns]', 'm8[25s]', 'S3', 'U2', 'V3']:
        array = np.arange(48).astype('u1').view('u1')
        size = np.dtype(code).itemsize
        array = (np.arange(6 * size) % 2).astype('u1').view(code).reshape(2, 3)
        yield 'array ' + code, [array, array.T, array[:0], array[0, 0]]
    record = np.array([(1, 2.5), (3, 4.5)], [('a', '<i2'), ('b', '>f8')])
    yield 'records', [record, record[0], record.view(np.recarray)]
    yield 'masked', np.ma.array([1, 2, 3], mask=[0, 1, 0], fill_value=7)
    yield 'matrix', np.matrix([[1, 2], [3, 4]])
    yield 'objects', np.array([[1, 'a'], [None, [2]]], object)
    yield 'objects in records', np.array([(1, [2]), (3, 'x')], [('a', 'i4'), ('o', object)])
    yield 'dtypes', [np.dtype('f8'), np.dtype([('a', 'i4')])]
    yield 'zero', np.zeros((2, 0, 3))
    yield 'axes', np.arange(24.).reshape(2, 3, 4).transpose(1, 0, 2)


def late():
    """What older protocols make in another way."""
    yield 'args', Args('a text')
    yield 'kwargs', Kwargs('a text')


def values():
    return dict([*plain(), *others(), *late()])


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ma.MaskedArray):
        return same(a.data, b.data) and same(a.mask, b.mask) and same(a.fill_value, b.fill_value)
    if isinstance(a, (np.ndarray, np.generic)):
        # `_reconstruct` makes numbers of the other order native.
        native = a.dtype.newbyteorder('=')
        if native != b.dtype.newbyteorder('=') or a.shape != b.shape:
            return False
        if a.dtype.hasobject:
            return a.tolist() == b.tolist()
        return a.astype(native).tobytes() == b.astype(native).tobytes()
    if isinstance(a, (list, tuple, collections.deque)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return a.hex() == b.hex()
    if isinstance(a, Slots):
        return (a.x, a.y) == (b.x, b.y)
    if isinstance(a, (Plain, Args)):
        return vars(a) == vars(b)
    if isinstance(a, BaseException):
        return a.args == b.args
    return a == b


def make():
    print(json.dumps({'python': sys.version.split()[0], 'numpy': np.__version__}))
    reprs = {name: repr(value) for name, value in plain()}
    for name, value in values().items():
        # Slots alone are not pickled below 2.
        for protocol in range(2 if name == 'slots' else 0, 6):
            told = {'name': name, 'protocol': protocol, 'pickle': pickle.dumps(value, protocol).hex()}
            print(json.dumps({**told, 'repr': reprs.get(name), 'alike': name not in dict(late())}))


def load(path):
    expected = values()
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            try:
                found = pickle.loads(bytes.fromhex(told['pickle']))
            except Exception as error:
                found = error
            if not same(expected[told['name']], found):
                print('%s %s: %r' % (told['name'], told['way'], found))


make() if sys.argv[1] == 'make' else load(sys.argv[2])
