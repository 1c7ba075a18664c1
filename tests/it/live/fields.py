"""Fields of structured arrays of every layout, and elements of them.

    python fields.py FOLDER

A pickle of more than 64 KiB is put into the folder for each protocol.
"""
import pickle
import sys

import numpy as np

from told import array_told, tell

INNER = np.dtype([('x', '<i2'), ('y', '>f8')])
DTYPES = {
    'packed': np.dtype([('a', 'i1'), ('b', '>f8'), ('c', '<u2', (2, 3)), ('d', 'S3'), ('e', INNER), ('f', INNER, (2,)), ('g', '?')]),
    'aligned': np.dtype([('a', '<f4'), ('b', '<f4'), ('c', '<f4', (3,)), ('d', '<i4')], align=True),
    'placed': np.dtype({'names': ['b', 'a', 'over'], 'formats': ['<i4', '<i4', '>i2'], 'offsets': [8, 0, 9], 'itemsize': 16}),
    'titled': np.dtype([(('First', 'a'), '<i4'), (('Second', 'b'), '<c16')]),
    'empty parts': np.dtype([('a', 'S0'), ('b', '<i4', (0, 2)), ('c', 'V0'), ('d', '<i2')]),
    'nested subarrays': np.dtype([('a', (np.dtype(('<i4', (2,))), (3,)))]),
    'times': np.dtype([('a', '<M8[s]'), ('b', '>m8[25us]'), ('c', '<U3')]),
    'number with fields': np.dtype(('>i4', {'high': ('u1', 0), 'low': ('>i2', 2)})),
}


def filled(dtype, shape):
    size = int(np.prod(shape, dtype=int))
    raw = bytes((n * 37 + 11) % 251 for n in range(size * dtype.itemsize))
    array = np.frombuffer(bytearray(raw), dtype).reshape(shape) if raw else np.zeros(shape, dtype)
    if 'g' in (dtype.names or ()):
        array['g'] = np.arange(size).reshape(shape) % 3 == 0
    if dtype.names and dtype.names[-1] == 'c' and dtype['c'].kind == 'U':
        array['c'] = '\xe9\u20ac'
    return array


def layouts(dtype):
    c = filled(dtype, (2, 3))
    yield 'C order', c
    yield 'F order', np.asfortranarray(c)
    yield 'strided', c[:, ::2]
    yield 'permuted', filled(dtype, (2, 3, 4)).transpose(0, 2, 1)
    yield 'turned', filled(dtype, (2, 3, 4)).transpose(1, 2, 0)
    yield 'no axes', np.array(c[1, 2], dtype)
    yield 'empty', c[:0]
    yield 'a scalar', c[1, 1]
    yield 'one column', c[:, 1:2]


def told(array):
    facts = array_told(array)
    names = array.dtype.names or ()
    facts['fields'] = [[[name] + list(array.dtype.fields[name][2:]), told(np.asarray(array)[name])] for name in names]
    return facts


# A scalar of a number with fields has no fields; before NumPy 1.20 scalars were pickled by way of a buffer.
NO_SCALARS = ['number with fields'] + (['placed', 'times'] if tuple(map(int, np.__version__.split('.')[:2])) < (1, 20) else [])

for name, dtype in DTYPES.items():
    for layout, array in layouts(dtype):
        if layout == 'a scalar' and name in NO_SCALARS:
            continue
        tell('%s, %s' % (name, layout), array, **told(array))
        if layout == 'C order':
            records = array.view(np.recarray)
            tell('%s, recarray' % name, records, **told(array))
big = filled(DTYPES['packed'], (40, 50))
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    with open('%s/%d.pkl' % (sys.argv[1], protocol), 'wb') as file:
        pickle.dump(big, file, protocol)
tell('file', None, **told(big))
