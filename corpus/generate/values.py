# -*- coding: utf-8 -*-
"""Plain Python values: atoms, texts, containers."""
from __future__ import print_function
import collections

import models
from cases import PY2, case


@case(pure=5)
def none():
    return None


@case()
def true():
    return True


@case(dis=True)
def small_int():
    return 5


@case()
def empty_text():
    return u''


@case()
def empty_tuple():
    return ()


@case()
def booleans():
    return [True, False, None, True, False]


@case(pure=5)
def ints():
    """Both sides of every border between opcodes."""
    borders = [0, 1 << 8, 1 << 16, 1 << 31, 1 << 32, 1 << 39, 1 << 63, 1 << 64]
    values = [b + d for b in borders for d in (-1, 0, 1)]
    return values + [-v for v in values] + [-128, -32769]


@case()
def ints_huge():
    """LONG1 holds at most 255 bytes, LONG4 follows."""
    return [1 << 2000, -(1 << 2000), (1 << 2030) - 1, (1 << 2039) - 1, 1 << 2039, -(1 << 2039), -(1 << 2039) - 1, 3 ** 1400]


@case()
def longs():
    """Python 2 tells 5 from 5L; elsewhere this is `ints` again, shorter."""
    to_long = long if PY2 else int  # noqa: F821
    return [to_long(v) for v in (0, 5, -5, 255, -128, 1 << 31, -(1 << 31))]


@case(pure=5)
def floats():
    return [0.0, -0.0, 1.0, -1.5, 0.1, 1.0 / 3, 1e16, 1e22, 1e100, -1e-7, 5e-324, 1.7976931348623157e308, 123456789.125,
            float('inf'), -float('inf'), float('nan')]


@case()
def complexes():
    return [0j, 1.5 + 2j, complex(-0.0, float('inf')), complex(float('nan'), 1)]


@case(pure=5, optimize=True)
def texts():
    """Unicode text, with what protocol 0 must escape."""
    return [u'', u'a', u'abc', u'\xe9', u'na\xefve', u'\u20ac', u'\u0416\u4e16', u'\U0001f600', u'a\U0001f600b', u'two\nlines',
            u'\0', u'\r', u'\x1a', u'\x7f', u'a\\b', u'\\u20ac', u'\\', u"it's", u'"', u'\'"', u' ', u'\ufeff', u'\uffff',
            u'x' * 255, u'x' * 256, u'\u20ac' * 85, u'\u20ac' * 86]


@case()
def texts_surrogates():
    return [u'\ud800', u'\udfff', u'a\ud83dz', u'\udc80']


@case(pure=5, dis=True)
def strings():
    """Plain literals: bytes on Python 2, text on Python 3."""
    return ['', 'a', 'abc', "it's", 'say "hi"', 'both \' and "', 'two\nlines', 'tab\t', 'back\\slash', '\0\r\x1a\x7f', 'x' * 255, 'x' * 256]


@case(pure=5)
def byte_strings():
    """`str` on Python 2."""
    return [b'', b'b', b'\xff', b'abc', b'caf\xc3\xa9', b'caf\xe9', b"it's \xff", b'say "\xff"', b'\'"\xff', b'\\', b'\n\r\0\x1a',
            bytes(bytearray(range(256))), b'x' * 255, b'x' * 256, b'', b'b']


@case(pure=5)
def byte_arrays():
    return [bytearray(), bytearray(b'x'), bytearray(b'abc'), bytearray(range(256)), bytearray()]


@case(pure=5, optimize=True, dis=True)
def tuples():
    return [tuple(range(n)) for n in range(6)]


@case()
def lists():
    return [[], [1], [1, 2], [[]], [[], [[], []]]]


@case()
def dicts():
    return [{}, {u'k': 1}, {1: 2, 3: 4}, {(1, 2): [3], None: True, 1.5: u'x', False: 0, b'raw': b'bytes'}, {u'a': {u'b': {u'c': {}}}}]


@case(dis=True)
def sets():
    return [set(), set([1]), set([1, 2, 3]), frozenset(), frozenset([1]), frozenset([1, 2, 3]), set([frozenset([7]), 8])]


@case(pure=5)
def ordered_dicts():
    return [collections.OrderedDict(), collections.OrderedDict([(u'z', 1)]), collections.OrderedDict([(u'z', 1), (u'a', 2), (3, None)])]


@case()
def default_dicts():
    filled = collections.defaultdict(list)
    filled[u'k'].append(1)
    return [collections.defaultdict(), collections.defaultdict(int, {1: 2}), filled, collections.Counter([1, 1, 2])]


@case()
def deques():
    return [collections.deque(), collections.deque([1, 2]), collections.deque([1, 2, 3], 2)]


# Containers are written in batches of 1000, with habits at the borders.
SIZES = [0, 1, 2, 999, 1000, 1001, 2000, 2001]


@case(pure=5, gzip=True)
def list_sizes():
    return [[None] * n for n in SIZES]


@case(pure=5, gzip=True)
def dict_sizes():
    return [dict((i, None) for i in range(n)) for n in SIZES]


@case(pure=5, gzip=True)
def set_sizes():
    return [set(range(1000)), set(range(1001)), frozenset(range(1000)), frozenset(range(1001))]


@case(protocols=(2, 4), gzip=True)
def ordered_dict_sizes():
    return [collections.OrderedDict((i, None) for i in range(n)) for n in (999, 1000, 1001)]


@case(edges=True, tree=False)  # JSON parsers stop at 128 levels
def nested_deep():
    """Deep enough to hurt a recursive reader a little; nothing a pickler refuses."""
    value = []
    for _ in range(100):
        value = [value]
        value = {u'k': value}
    return value


@case(gzip=True)
def large_payloads():
    """Payloads of 64 KiB and more stand outside frames, from Python 3.7 on; the length that counts is that of UTF-8."""
    sizes = [65535, 65536, 65537]
    return [b'z' * n for n in sizes] + [u'z' * n for n in sizes] + [u'\u20ac' * 21845, u'\u20ac' * 21846, bytearray(70000)]


@case(gzip=True, pure=5)
def many_frames():
    """More than two frames, and a memo past 256 entries."""
    return [(u'row %03d' % i + u'.' * 120, None) for i in range(1000)]


@case()
def singletons():
    return [None] if PY2 else [Ellipsis, NotImplemented, None, Ellipsis]


@case()
def ranges():
    """Python 2 pickles xrange as a call too."""
    return [xrange(3), xrange(1, 10, 2)] if PY2 else [range(3), range(1, 10, 2), slice(1, 2, None), slice(None)]  # noqa: F821


@case()
def types():
    """Names that protocols below 3 translate to Python 2's."""
    import functools
    found = [int, str, bytes, float, object, list, dict, set, bytearray, complex, ValueError, KeyError, range, collections.OrderedDict,
             models.Point, models.Plain, functools.reduce]
    return found + ([unicode, long] if PY2 else [type(None), type(Ellipsis)])  # noqa: F821


@case()
def functions():
    return [len, sorted, models.activation, models.set_attributes, collections.namedtuple]


@case(since=(3, 4))
def nested_class():
    """A dotted name: a chain of getattr below protocol 4."""
    return models.Outer.Inner


@case(since=(3, 4))
def bound_method():
    return [bytes.fromhex, u'x'.upper, dict.fromkeys]


@case()
def exceptions():
    return [ValueError(u'x'), KeyError(1, 2), models.TrainingError(u'diverged')]


@case(since=(3, 3))
def os_error():
    return FileNotFoundError(2, 'No such file or directory', 'x')  # noqa: F821
