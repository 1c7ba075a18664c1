"""Values for other versions: `make` tells their pickles, `load FILE` loads what was made of those, compares, and tells how
many there were. Runs in Python 2.7 too."""
from __future__ import unicode_literals

import binascii
import collections
import json
import pickle
import sys
import warnings

import numpy as np

if sys.version_info[0] == 2:
    range = xrange


def fields(*fields):
    # In Python 2, names are `str`.
    return [(str(field[0]), str(field[1])) + field[2:] for field in fields]


def values():
    cube = np.arange(24, dtype='f4').reshape(2, 3, 4)
    record = np.array([(1, 2.5, b'x'), (3, 4.5, b'yz')], fields(('a', '<i4'), ('b', '>f8'), ('c', 'S3')))
    shared = np.arange(3)
    objects = np.empty(3, object)
    objects[:] = ['text', None, (1, 2)]
    return collections.OrderedDict([
        ('arrays', [np.array([1, 0, 3]).astype(code) for code in '?bBhHiIlLefdFD']),
        ('swapped', np.arange(3, dtype='>f8')),
        ('orders', [cube, np.asfortranarray(cube), cube.transpose(0, 2, 1), cube[:, ::2], cube[::-1], cube[:0], np.array(1.5)]),
        ('texts', [np.array(['a', '\u20acuro']), np.array([b'ab', b''])]),
        ('times', [np.array(['2024-02-29', 'NaT'], 'M8[D]'), np.array([0, 1, 2], 'm8[25s]')]),
        ('records', [record, record[1], record.view(np.recarray), np.zeros(2, np.dtype(fields(('a', 'i1'), ('b', 'f8')), align=True))]),
        ('masked', [np.ma.array([1.0, 2.0], mask=[0, 1], fill_value=7), np.ma.array(record, mask=[(0, 1, 0), (0, 0, 0)])]),
        ('objects', objects),
        ('matrix', np.matrix([[1.0, 2.0]])),
        ('scalars', [np.float64(1.5), np.int8(-1), np.bool_(True), np.array('s')[()], np.datetime64(5, 'ns'), np.complex64(1 - 2j)]),
        ('dtypes', [np.dtype('f8'), np.dtype(fields(('x', '<f4', (2,)))), np.float32, np.bool_]),
        ('shared', {'a': shared, 'b': shared, 'c': [shared]}),
        ('python', [1, -2 ** 40, 2.5, 'text', 'b', b'b', b'raw', True, None, (), (1,), [1], {'k': {1, 2}}, frozenset([3]), 1 - 2j,
                    collections.OrderedDict([('x', 1)]), range(3), bytearray(b'xy'), float, list(range(1001))]),
        ('large', np.arange(70000, dtype='u1')),
    ])


def same(a, b):
    if isinstance(a, INTS) and isinstance(b, INTS):
        return a == b and (type(a) is bool) == (type(b) is bool)
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ma.MaskedArray):
        return same(a.data, b.data) and same(a.mask, b.mask) and same(a.fill_value, b.fill_value)
    if isinstance(a, (np.ndarray, np.generic)):
        # `_reconstruct` makes numbers of the other order native.
        orders = a.dtype.newbyteorder('=') == b.dtype.newbyteorder('=')
        return orders and a.shape == b.shape and all(same(x, y) for x, y in zip(a.ravel().tolist(), b.ravel().tolist()))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, type(range(0))):
        return list(a) == list(b)
    return a == b


# Of Python 2 there are two.
INTS = (int, type(2 ** 70))


def main():
    if sys.argv[1] == 'make':
        for name, value in values().items():
            print(json.dumps({'name': name, 'pickle': pickle.dumps(value, pickle.HIGHEST_PROTOCOL).hex()}))
        return
    with warnings.catch_warnings():
        # Of making a matrix; loading one must be silent.
        warnings.simplefilter('ignore')
        expected = values()
    # Python's own, not those of old versions' imports.
    warnings.simplefilter('error')
    count = 0
    with open(sys.argv[2]) as file:
        for line in file:
            told = json.loads(line)
            count += 1
            try:
                found = pickle.loads(binascii.unhexlify(told['pickle']))
            except ValueError as error:
                # Of NumPy up to 1.15 in Python 2: the names of fields as Python 3 has them.
                if 'non-string names' not in str(error) or sys.version_info[0] > 2:
                    raise
                continue
            if not same(found, expected[told['name']]):
                print('%s %s: %r' % (told['name'], told['way'], found))
    print(count)


main()
