# -*- coding: utf-8 -*-
"""Structured arrays: where fields lie, what they hold, what they are called."""
from __future__ import print_function
import collections

import numpy as np
from arrays import SPELLINGS, Named, read_only
from cases import NUMPY, PY2, case

PAIR = [('x', '<f4'), ('y', '>f4')]


def layout(names, formats, offsets, itemsize=None, **options):
    spec = {'names': names, 'formats': formats, 'offsets': offsets}
    return np.dtype(dict(spec, itemsize=itemsize) if itemsize else spec, **options)


def numbered(codes):
    return np.dtype([('f%d' % i, code) for i, code in enumerate(codes.split())])


def aligned(fields):
    return np.dtype(fields, align=True)


# Dtypes without objects.
STRUCTURES = Named([
    ('one', lambda: np.dtype([('a', '<i4')])),
    ('every type', lambda: numbered('i1 u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16 S3 <U2 V3 <M8[s] <m8[ns]')),
    ('every type swapped', lambda: numbered('>i2 >u2 >i4 >u4 >i8 >u8 >f2 >f4 >f8 >c8 >c16 >U2 >M8[s] >m8[ns]')),
    ('mixed', lambda: np.dtype([('a', '>i4'), ('b', '<i4'), ('c', 'S2'), ('d', '>U1')])),
    ('by comma', lambda: np.dtype('i4,f8,S3')),
    ('same', lambda: np.dtype([('a', '<f8'), ('b', '<f8'), ('c', '>f8'), ('d', '>f8')])),
    ('offsets', lambda: layout(['a', 'b'], ['<i2', '<f4'], [4, 8])),
    ('offsets and more', lambda: layout(['a', 'b'], ['<i2', '<f4'], [1, 9], 32)),
    ('trailing padding', lambda: layout(['a'], ['<i2'], [0], 16)),
    ('out of order', lambda: layout(['a', 'b', 'c'], ['<i4', '<f4', 'u1'], [4, 0, 8])),
    ('overlapping', lambda: layout(['whole', 'low', 'high'], ['<i4', '<i2', '<i2'], [0, 0, 2])),
    ('overlapping in part', lambda: layout(['a', 'b'], ['<i4', '>i4'], [0, 2])),
    ('aligned', lambda: aligned([('a', 'i1'), ('b', '<f8'), ('c', '<i2')])),
    ('aligned nested', lambda: aligned([('a', 'i1'), ('in', aligned([('x', 'i1'), ('y', '<i4')])), ('b', '<i2')])),
    ('aligned inside only', lambda: np.dtype([('a', 'i1'), ('in', aligned([('x', 'i1'), ('y', '<f8')]))])),
    ('aligned around only', lambda: aligned([('a', 'i1'), ('in', [('x', 'i1'), ('y', '<f8')])])),
    ('aligned offsets', lambda: layout(['a', 'b'], ['<i4', '<f8'], [0, 16], align=True)),
    ('nested', lambda: np.dtype([('p', PAIR), ('id', '<i8')])),
    ('nested deep', lambda: np.dtype([('a', [('b', [('c', [('d', '>i2'), ('e', 'S1')]), ('f', 'u1')])])])),
    ('subarray', lambda: np.dtype([('v', '<f4', (3,)), ('one', '>i2', (1,)), ('m', '<i2', (2, 2)), ('t', 'u1', (2, 1, 3))])),
    ('subarray of records', lambda: np.dtype([('p', PAIR, (2,)), ('n', 'u1')])),
    ('subarray nested', lambda: np.dtype([('p', [('q', [('r', '>u2', (2,))], (2, 1))], (2,))])),
    ('subarray of texts', lambda: np.dtype([('s', 'S2', (2,)), ('u', '>U2', (2,))])),
    ('subarray empty', lambda: np.dtype([('none', '<f4', (0,)), ('a', 'u1')])),
    ('titles', lambda: np.dtype([(('The first', 'a'), '<i4'), ('b', '<f8'), (('Third', 'c'), PAIR)])),
    ('titles of text', lambda: np.dtype([((u'Gr\xf6\xdfe', 'a'), '<i4')])),
    ('title of bytes', lambda: np.dtype([((b'raw', 'a'), '<i4')])),
    ('title of number', lambda: np.dtype([((7, 'a'), '<i4'), (((1, 'x'), 'b'), '<i4')])),
    ('names odd', lambda: np.dtype([("it's", 'u1'), ('a b', 'u1'), ('x:y', 'u1'), ('"\\', 'u1'), ('', 'u1')])),
    ('names shared', lambda: np.dtype([('b', '<f8'), ('latin1', '<f8'), ('numpy', '<f8'), ('<', '<f8'), ('C', '<f8')])),
    ('names of text', lambda: np.dtype([(u'gr\xf6\xdfe', '<i4'), (u'\u732b', '<i2'), (u'\U0001f600', 'u1')])),
    ('empty inside', lambda: np.dtype([('none', []), ('a', '<i2')])),
    ('no size', lambda: np.dtype([('s', 'S0'), ('u', 'U0'), ('v', 'V0')])),
    ('no size inside', lambda: np.dtype([('s', 'S0'), ('a', '<i2'), ('u', 'U0'), ('v', 'V0')])),
    ('metadata', lambda: np.dtype([('a', '<f8')], metadata={'unit': 'm'})),
    ('metadata of field', lambda: np.dtype([('a', np.dtype('<f8', metadata={'unit': 'm'})), ('b', '<i2')])),
    ('union', lambda: np.dtype(('<i4', [('low', '<i2'), ('high', '<i2')]))),
    ('long doubles', lambda: np.dtype([('g', 'g'), ('G', 'G'), ('n', 'u1')])),
    ('long doubles swapped', lambda: np.dtype([('g', '>g'), ('G', '>G')])),
    ('booleans', lambda: np.dtype([('t', '?'), ('m', '?', (2,))])),
    ('record', lambda: np.dtype((np.record, [('a', '<i4'), ('in', PAIR)]))),
    ('record inside', lambda: np.dtype([('r', (np.record, PAIR)), ('a', 'u1')])),
])


def structures():
    """The dtypes that this NumPy can build, load and walk."""
    found = Named()
    for name, build in STRUCTURES.items():
        if PY2 and name in ('names of text', 'titles of text') or NUMPY < (1, 12) and ('empty' in name or 'no size' in name):
            continue
        try:
            found[name] = build()
        except (AttributeError, TypeError, ValueError):
            pass
    return found


def filled(dtype, shape=(2,)):
    """Every byte another one, also those of padding."""
    count = int(np.prod(shape))
    if dtype.itemsize == 0:
        return np.zeros(shape, dtype)
    raw = (np.arange(count * dtype.itemsize) % 251).astype('u1')
    if dtype.names[0] == 't':
        raw &= 1  # booleans
    return raw.view(dtype).reshape(shape)


@case(protocols=(2, 4, 5))
def structured():
    return Named((name, filled(dtype)) for name, dtype in structures().items())


@case(protocols=(0, 4))
def structured_dtypes():
    return structures()


def viewed_fields():
    """Some fields of an array: a view with gaps from NumPy 1.16 on."""
    a = filled(np.dtype([('x', '<i4'), ('y', '<f8'), ('z', '<i2')]), (3,))
    return a[['x', 'z']]


@case(protocols=SPELLINGS, buffers=True)
def structured_layouts():
    mixed, nested = STRUCTURES['mixed'](), STRUCTURES['nested']()
    return collections.OrderedDict([
        ('f', np.asfortranarray(filled(mixed, (2, 3)))),
        ('permuted', filled(nested, (2, 3, 2)).transpose(0, 2, 1)),
        ('strided', filled(mixed, (4,))[::2]),
        ('0-d', filled(nested, ())),
        ('empty', filled(mixed, (0, 2))),
        ('read-only', read_only(filled(mixed))),
        ('some fields', viewed_fields()),
        ('a field', filled(nested, (3,))['p']),
        ('the same dtype', filled(nested)),
    ])


def assigned(dtype, *rows):
    return np.array(list(rows), dtype)


def with_subarray(dtype):
    a = np.zeros(1, dtype)
    a['o'][0, 0], a['o'][0, 1] = u'first', None
    return a


# Arrays whose elements hold objects: their pickles have a list.
OBJECTS = Named([
    ('objects', lambda: assigned([('a', '<i4'), ('o', 'O')], (1, u'q'), (2, None))),
    ('objects only', lambda: assigned([('o', 'O'), ('p', 'O')], (u'q', [1, 2.5]), ((), {}))),
    ('every type', lambda: assigned(numbered('? >i2 <u8 <f2 >f8 <c8 S3 >U2 O'),
                                    (True, -2, 2 ** 63, 1.5, -0.0, 1 - 2j, b'a', u'\u20ac', None))),
    ('times', lambda: assigned([('at', 'M8[s]'), ('for', 'm8[ms]'), ('at ns', 'M8[ns]'), ('nat', 'M8[s]'), ('o', 'O')],
                               (10 ** 9, 5, 5, np.datetime64('NaT'), u'x'))),
    ('nested', lambda: assigned([('in', [('x', '<i4'), ('o', 'O')]), ('n', 'u1')], ((1, u'q'), 2))),
    ('subarray of objects', lambda: with_subarray([('o', 'O', (2,)), ('m', '<i2', (2, 2))])),
    ('subarray of records', lambda: np.zeros(1, [('s', [('x', '<i4'), ('o', 'O')], (2,))])),
    ('aligned', lambda: assigned(aligned([('a', 'i1'), ('o', 'O')]), (1, u'q'))),
    ('titles', lambda: assigned([(('The object', 'o'), 'O')], (u'q',))),
    ('out of order', lambda: assigned(layout(['a', 'o'], ['<i4', 'O'], [8, 0]), (1, u'q'))),
    ('f', lambda: np.asfortranarray(assigned([('a', 'u1'), ('o', 'O')], (1, u'a'), (2, u'b'), (3, u'c'), (4, u'd')).reshape(2, 2))),
    ('0-d', lambda: np.array((1, u'q'), [('a', '<i4'), ('o', 'O')])),
    ('empty', lambda: np.zeros((0, 2), [('a', '<i4'), ('o', 'O')])),
    ('arrays', lambda: assigned([('o', 'O'), ('n', 'u1')], (np.arange(2, dtype='i2'), 1), (np.float32(1.5), 2))),
    ('record', lambda: assigned([('a', '<i4'), ('o', 'O')], (1, u'q')).view(np.recarray)),
])


def object_structures():
    """NumPy up to 1.15 crashes on objects in subarrays of records."""
    return Named((name, build()) for name, build in OBJECTS.items() if NUMPY > (1, 15) or name != 'subarray of records')


@case(protocols=SPELLINGS)
def structured_objects():
    return object_structures()


@case(protocols=(2, 4))
def structured_objects_dtypes():
    return Named((name, a.dtype) for name, a in object_structures().items())


def is_reducible(scalar):
    """NumPy 1.12 to 1.19 cannot pickle scalars with times in them on Python 3."""
    try:
        scalar.__reduce__()
        return True
    except ValueError:
        return False


if NUMPY >= (1, 19):  # before, addresses of the objects
    @case(protocols=(2, 4), loads=NUMPY > (1, 19))  # which loses references to what its tuples hold
    def structured_objects_scalars():
        found = Named((name, a[0]) for name, a in object_structures().items() if a.ndim == 1 and a.size)
        return Named((name, scalar) for name, scalar in found.items() if is_reducible(scalar))
