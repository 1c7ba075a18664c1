# -*- coding: utf-8 -*-
"""NumPy arrays and scalars: element types, layouts, subclasses, and how they share a pickle."""
from __future__ import print_function
import binascii
import collections
import os
import tempfile

import models
import numpy as np
from cases import CASES, Case, PY2, case

try:
    import ml_dtypes
except ImportError:
    ml_dtypes = None

CODES = ['?', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16', 'S3', 'U3', 'V3']
SWAPPED = ['>' + code for code in CODES if code not in ('?', 'i1', 'u1', 'S3', 'V3')]

# Arrays keep their order in an OrderedDict, whose pickle lists them as given on every Python.
Named = collections.OrderedDict


def sample(code):
    """Three elements with the borders of their type, in the byte order asked for."""
    dtype = np.dtype(code)
    if dtype.kind in 'iu':
        values = [np.iinfo(dtype).min, 1, np.iinfo(dtype).max]
    elif dtype.kind == 'V':
        return np.array([b'abc', b'\0x\0', b'\xff\xfe\xfd'], 'S3').view(dtype)
    else:
        values = {'b': [True, False, True], 'f': [1.5, -0.0, float('inf')], 'c': [1.5 - 2j, 0, complex(0, float('inf'))],
                  'S': [b'a', b'', b'\xff\0x'], 'U': [u'a', u'', u'\u20ac\U0001f600z']}[dtype.kind]
    return np.array(values, dtype)


def bfloat16():
    return np.array([1.0, -0.5, 3.140625]).astype(ml_dtypes.bfloat16)


# The protocols that differ in how they spell NumPy's objects: 1 is much like 2, and 3 like 4.
SPELLINGS = 0, 2, 4, 5


def add(found, name, build):
    """Adds what this NumPy can build; old ones lack a few."""
    try:
        found[name] = build()
    except (AttributeError, TypeError, ValueError):
        pass


def collect(table):
    """What a table of builders gives."""
    found = Named()
    for name, build in table.items():
        add(found, name, build)
    return found


def read_only(a):
    a.flags.writeable = False
    return a


def alone(name, build, protocols=(2, 4, 5), **options):
    """A case of one array at the root, only by the oldest and the newest Python."""
    name = name.replace('-', '').replace(' ', '_')
    CASES.append(Case(lambda: build(), name, protocols=protocols, edges=True, **options))


for code in CODES + SWAPPED:
    if code != 'f8':
        alone('array_' + code.replace('>', 'big_').replace('?', 'bool'), lambda code=code: sample(code))
CASES.append(Case(lambda: sample('f8'), 'array_f8', pure=5, optimize=True, buffers=True, dis=True))
if ml_dtypes:
    CASES.append(Case(bfloat16, 'array_bfloat16'))


@case(buffers=True)
def dtypes():
    return Named((code, sample(code)) for code in CODES)


@case(buffers=True)
def dtypes_swapped():
    return Named((code, sample(code)) for code in SWAPPED)


@case(pure=5)
def scalars():
    """Elements of the arrays; those of a swapped one come out native."""
    found = Named((code, sample(code)[0]) for code in CODES)
    found['>f8'] = sample('>f8')[0]
    found['u1 b'] = np.uint8(98)
    found['S empty'], found['U empty'] = sample('S3')[1], sample('U3')[1]
    if ml_dtypes:
        found['bfloat16'] = bfloat16()[0]
    return found


def cube():
    return np.arange(24, dtype='f4').reshape(2, 3, 4)


LAYOUTS = Named([
    ('c', lambda: cube()),
    ('f', lambda: np.asfortranarray(cube())),
    ('permuted 021', lambda: cube().transpose(0, 2, 1)),
    ('permuted 102', lambda: cube().transpose(1, 0, 2)),
    ('permuted 120', lambda: cube().transpose(1, 2, 0)),
    ('permuted 201', lambda: cube().transpose(2, 0, 1)),
    ('strided', lambda: cube()[:, ::2, 1:]),
    ('strided columns', lambda: np.arange(24, dtype='i2').reshape(4, 6)[:, ::2].T),
    ('reversed', lambda: np.arange(5, dtype='i4')[::-1]),
    ('reversed axis', lambda: cube()[:, ::-1]),
    ('rows', lambda: np.arange(12, dtype='i2').reshape(4, 3)[1:3]),
    ('broadcast', lambda: np.broadcast_to(np.arange(3, dtype='i2'), (2, 3))),
    ('unaligned', lambda: np.arange(9, dtype='u1')[1:].view('f4')),
    ('0-d', lambda: np.array(2.5)),
    ('one', lambda: np.array([[[7]]], 'i2')),
    ('row', lambda: np.arange(3, dtype='i2').reshape(1, 3)),
    ('column', lambda: np.asfortranarray(np.arange(3, dtype='i2').reshape(3, 1))),
    ('size-1 axes', lambda: np.arange(6, dtype='i2').reshape(1, 2, 1, 3).transpose(0, 3, 1, 2)),
    ('new axis', lambda: cube().transpose(0, 2, 1)[:, None]),
    ('five axes', lambda: np.arange(32, dtype='u1').reshape(2, 2, 2, 2, 2).transpose(4, 2, 0, 1, 3)),
    ('empty', lambda: np.zeros(0)),
    ('empty 0x3', lambda: np.zeros((0, 3), 'i4')),
    ('empty 3x0', lambda: np.zeros((3, 0), 'i4')),
    ('empty 2x0x3', lambda: np.zeros((2, 0, 3), 'f4', order='F')),
    ('empty long', lambda: np.zeros((70000, 0, 3), 'i1')),
    ('empty huge', lambda: np.zeros((1 << 31, 0), 'i1')),
    ('S0', lambda: np.empty(2, np.dtype([('x', 'S0')]))['x']),
    ('U0', lambda: np.empty(2, np.dtype([('x', 'U0')]))['x']),
    ('V0', lambda: np.empty((2, 2), np.dtype([('x', 'V0')]))['x']),
    ('read-only', lambda: read_only(np.arange(3, dtype='i4'))),
    ('read-only f', lambda: read_only(np.asfortranarray(cube()))),
    ('from bytes', lambda: np.frombuffer(b'0123456789abcdef', '<u8')),
    ('300 bytes', lambda: np.arange(300).astype('u1')),
])


@case(pure=4, buffers=True)  # the pure pickler's protocol 5 is broken for two empty payloads
def layouts():
    return collect(LAYOUTS)


for name in ['f', 'permuted 120', 'strided', 'reversed', 'broadcast', '0-d', 'column', 'size-1 axes', 'empty', 'empty 2x0x3',
             'read-only']:
    alone('layout_' + name, LAYOUTS[name], buffers=True)


@case(optimize=True, buffers=True)
def array_twice():
    a = np.arange(3, dtype='f4')
    return {u'a': a, u'b': a} if not PY2 else [a, a]


@case(buffers=True)
def array_shared():
    """The same arrays in a list, an object, a tuple; views of one memory are arrays of their own."""
    a = np.arange(6, dtype='f8').reshape(2, 3)
    return Named([(u'list', [a, a.T, a[0]]), (u'object', models.Plain(weights=a)), (u'tuple', (a,)), (u'equal', a.copy())])


@case()
def dtypes_shared():
    """NumPy's own types are one object each, others are shared only if handed on."""
    text_type, swapped = np.dtype('S5'), np.dtype('>f8')
    return [np.zeros(1), np.zeros(2), np.zeros(1, text_type), np.zeros(2, text_type), np.zeros(1, 'S5'), np.zeros(1, swapped),
            np.zeros(2, swapped), np.zeros(1, '>f8'), np.dtype('f8'), text_type, np.float64(1), np.float64(2)]


@case(pure=4)
def memo_traps():
    """One-byte payloads and one-letter names are Python's shared singletons."""
    return [np.array([98], 'u1'), np.array([98], 'u1'), b'b', 'b', u'C', np.zeros((0, 2)), b'', {'b': np.array([120], 'u1')}, u'latin1',
            u'numpy', u'<', b'x', np.array([120, 1], 'u1')[::2]]


@case()
def arrays_many():
    """The memo passes 256 entries inside arrays."""
    return [np.array([i], 'i2') for i in range(36)]


@case(gzip=True)
def array_large():
    """Either side of the 64 KiB from which a payload leaves its frame."""
    return [np.zeros(65535, 'u1'), np.zeros(65536, 'u1'), np.asfortranarray(np.zeros((300, 70))), np.zeros(3)]


@case(several='one pickler')
def array_dumps_one_memo():
    a = np.arange(3, dtype='f4')
    return [{u'a': a}, {u'again': a}, [np.zeros(2, 'f4')]]


@case()
def array_cycle():
    """Through an object that has the array and is in a list with it."""
    a = np.arange(2, dtype='i4')
    value = models.Plain(weights=a)
    value.all = [a, value]
    return value


@case()
def array_places():
    """Every place an array may have."""
    def a(n):
        return np.array([n], 'i2')
    slots = models.SlotsAndDict(a(1), [a(2)])
    slots.extra = a(3)
    everything = models.Everything(u'all', [a(4), [a(5)]], {u'k': a(6)})
    everything.state = {u'seen': a(7)}
    return [slots, everything, models.Point(a(8), a(9)), models.State(a(10)), models.State((a(11), a(12))), models.Old(w=a(13)),
            {1: a(14), (1, u'x'): a(15), (2,): a(16), b'raw': a(17), None: a(18), 2.5: a(19)} if not PY2 else {1: a(14)},
            Named([(u"it's", a(21)), (u'"', a(22)), (u'\'"', a(23)), (u'a\\b\n\t\x01\x7f', a(24)), (u'\xe9\u20ac\U0001f600', a(25))]),
            set([np.int16(26)]), models.Stack([a(27)]), models.Table({u'k': a(28)}), {np.float64(1.5): None}]


@case(since=(3, 8))
def array_popped():
    return [models.WithSetter(weights=np.arange(3, dtype='f4')), np.arange(2)]


@case(protocols=(4, 5), since=(3, 4))
def array_keywords():
    return models.NewArgsEx(1, right=np.arange(3))


def long_doubles():
    """From bytes, since arithmetic leaves garbage in the six bytes of padding."""
    raw = binascii.unhexlify(b'00000000000000c0ff3f' + b'00' * 6 + b'00000000000000a000c0' + b'00' * 6)
    return np.frombuffer(raw, 'g').copy()


RECORD = [('a', '<i4'), ('b', '>f8'), ('c', 'S3')]


def records():
    return np.array([(1, 2.0, b'x'), (3, 4.0, b'yz')], RECORD)


def objects():
    a = np.empty(4, object)
    a[:] = [1, u'text', None, 2.5]
    a[2] = np.arange(2)
    return a


# Types beyond the plain ones.
UNCOMMON = Named([
    ('datetime', lambda: np.array([0, 10 ** 9, np.iinfo('i8').min], 'M8[ns]')),
    ('datetime 25s', lambda: np.array([0, 1], 'M8[25s]')),
    ('datetime swapped', lambda: np.array([0, 1], '>M8[D]')),
    ('timedelta', lambda: np.array([0, 1], 'm8[s]')),
    ('long double', long_doubles),
    ('long complex', lambda: long_doubles().view('G')),
    ('records', records),
    ('records f', lambda: np.asfortranarray(np.array([[1, 2, 3], [4, 5, 6]], 'u1').view([('x', 'u1')]))),
    ('nested', lambda: np.zeros(2, [('p', [('x', '>f4'), ('y', '<f4')]), ('id', '<i8')])),
    ('subarrays', lambda: np.array([([[1, 2], [3, 4]], 5)], [('m', '>i2', (2, 2)), ('n', 'u1')])),
    ('titles', lambda: np.zeros(1, [(('Title A', 'a'), '<i4'), ('b', '<f8')])),
    ('padding', lambda: np.zeros(2, {'names': ['a', 'b'], 'formats': ['<i2', '<f4'], 'offsets': [2, 8], 'itemsize': 16})),
    ('out of order', lambda: np.zeros(2, {'names': ['a', 'b'], 'formats': ['<i4', '<f4'], 'offsets': [4, 0]})),
    ('aligned', lambda: np.zeros(2, np.dtype([('a', 'i1'), ('b', '<f8')], align=True))),
    ('no fields', lambda: np.zeros(2, np.dtype([]))),
    ('records with objects', lambda: np.array([(1, u'q'), (2, None)], [('a', '<i4'), ('o', 'O')])),
    ('objects', objects),
    ('objects f', lambda: np.asfortranarray(np.array([[1, u'two'], [None, 4]], object))),
    ('objects 0-d', lambda: np.array({u'k': 1})),
    ('objects empty', lambda: np.zeros(0, object)),
    ('metadata', lambda: np.zeros(2, np.dtype('<f8', metadata={'unit': 'm'}))),
    ('strings', lambda: np.array([u'abc', u'', u'\u20ac' * 20], np.dtypes.StringDType())),
    ('strings na', lambda: np.array([u'abc', None], np.dtypes.StringDType(na_object=None))),
])
if ml_dtypes:
    UNCOMMON['float8'] = lambda: np.array([1.0, -0.5]).astype(ml_dtypes.float8_e4m3fn)
    UNCOMMON['bfloat16'] = bfloat16


@case(buffers=True)
def uncommon():
    """Odd arrays between plain ones, none of which may be lost."""
    found = Named([(u'first', np.arange(3, dtype='i2'))])
    for name, build in UNCOMMON.items():
        add(found, name, build)
        if len(found) % 6 == 0:
            found['between %d' % len(found)] = np.array([len(found)], 'i2')
    return found


for name in ['datetime', 'records', 'titles', 'aligned', 'objects', 'strings', 'long double']:
    if name != 'strings' or hasattr(getattr(np, 'dtypes', None), 'StringDType'):
        alone('uncommon_' + name, UNCOMMON[name])


def mapped():
    """A memmap pickles its bytes and forgets its file."""
    handle, path = tempfile.mkstemp()
    os.write(handle, b'\1\0\2\0\3\0')
    os.close(handle)
    a = np.memmap(path, '<i2', 'r+', shape=(3,))
    os.remove(path)
    return a


SUBCLASSES = Named([
    ('matrix', lambda: np.matrix([[1.0, 2.0], [3.0, 4.0]])),
    ('recarray', lambda: records().view(np.recarray)),
    ('record', lambda: records().view(np.recarray)[0]),
    ('record dtype', lambda: np.zeros(1, np.dtype((np.record, RECORD)))),
    ('void', lambda: records()[1]),
    ('chararray', lambda: np.char.array([b'ab', b'c'])),
    ('memmap', mapped),
    ('subclass', lambda: np.arange(3, dtype='i2').view(models.Tagged)),
    ('masked', lambda: np.ma.array([1.5, 2.5, 3.5], 'f4', mask=[0, 1, 0])),
    ('masked none', lambda: np.ma.array([1, 2], 'i2')),
    ('masked f', lambda: np.ma.array(np.asfortranarray(np.arange(6, dtype='i2').reshape(2, 3)), mask=[[0, 1, 0], [0, 0, 1]])),
    ('masked fill', lambda: np.ma.array([1, 2], 'i2', mask=[1, 0], fill_value=7)),
    ('masked swapped', lambda: np.ma.array(np.arange(2, dtype='>i4'), mask=[0, 1])),
    ('masked records', lambda: np.ma.array([(1, 2.0)], mask=[(0, 1)], dtype=[('a', '<i4'), ('b', '<f8')])),
    ('masked constant', lambda: np.ma.masked),
])


@case(buffers=True)
def subclasses_of_ndarray():
    found = collect(SUBCLASSES)
    found['after'] = np.arange(2, dtype='i2')
    return found


for name in ['matrix', 'masked', 'recarray']:
    alone(name, SUBCLASSES[name])


@case()
def dtype_objects():
    found = [np.dtype(code) for code in CODES + SWAPPED + ['O', 'M8[ns]']] + [np.dtype(RECORD), np.dtype(('<f8', (2, 3)))]
    return found + [np.float32, np.int64, np.ndarray, np.bool_]


@case()
def object_array_cycle():
    a = np.empty(2, object)
    a[0], a[1] = a, np.arange(2, dtype='i2')
    return a


@case(protocols=(2, 4), tree=False)
def random_state():
    return {u'rng': np.random.RandomState(42), u'after': np.arange(2, dtype='i2')}


if hasattr(np.random, 'Generator'):
    @case(protocols=(2, 4, 5), tree=False)
    def random_generator():
        return {u'rng': np.random.Generator(np.random.PCG64(42)), u'philox': np.random.Philox(42)}
