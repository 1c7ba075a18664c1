# -*- coding: utf-8 -*-
"""Pickles written by hand: legal opcodes and spellings that no pickler of Python writes."""
from __future__ import print_function
import models
from cases import Case

PAIR = ([],) * 2
TWO_STATES = models.Plain(a=1, b=2)

# name: (the bytes, the value they load to)
HAND = [
    ('binunicode8', b'\x80\x04\x8d\x03\0\0\0\0\0\0\0abc.', u'abc'),
    ('binbytes8', b'\x80\x04\x8e\x03\0\0\0\0\0\0\0abc.', b'abc'),
    ('bytearray8', b'\x80\x05\x96\x03\0\0\0\0\0\0\0abc.', bytearray(b'abc')),
    ('long4', b'\x80\x02\x8b\x02\0\0\0\x05\0.', 5),
    ('long4_empty', b'\x80\x02\x8b\0\0\0\0.', 0),
    ('long1_padded', b'\x80\x02\x8a\x03\xff\xff\xff.', -1),
    ('int_texts', b'(I+5\nI007\nL5L\nL-5\nt.', (5, 7, 5, -5)),
    ('bool_texts', b'(I01\nI00\nI1\nt.', (True, False, 1)),
    ('float_texts', b'(F1\nF-1e-3\nFinf\nt.', (1.0, -1e-3, float('inf'))),
    ('unicode_escapes', b'(V\\u20ac\nV\\U0001f600\nVa\\u000ab\nV\xe9\nt.', (u'\u20ac', u'\U0001f600', u'a\nb', u'\xe9')),
    ('dup', b']2\x86.', PAIR),
    ('pop_mark', b'(K\x01K\x021N.', None),
    ('pop', b'K\x01K\x020.', 1),
    ('mark_popped', b'K\x01(0.', 1),
    ('list_dict', b'((K\x01K\x02lK\x03(K\x04K\x05dt.', ([1, 2], 3, {4: 5})),
    ('dict_duplicate_keys', b'}(X\x01\0\0\0aK\x01X\x01\0\0\0bK\x02X\x01\0\0\0aK\x03u.', {u'a': 3, u'b': 2}),
    ('memo_sparse', b'(]r\x70\x11\x01\0j\x70\x11\x01\0t.', PAIR),
    ('memo_reused', b'(K\x01q\0K\x02q\0h\0t.', (1, 2, 2)),
    ('frames_small', b'\x80\x04\x95\x02\0\0\0\0\0\0\0]\x94\x95\x00\0\0\0\0\0\0\0\x95\x04\0\0\0\0\0\0\0K\x01a.', [1]),
    ('proto_twice', b'\x80\x02\x80\x02K\x05.', 5),
    ('unknown_state', b'cmodels\nPlain\n)\x81}X\x01\0\0\0aK\x01sb.', models.Plain(a=1)),
    ('states_several', b'cmodels\nPlain\n)\x81}X\x01\0\0\0aK\x01sb}X\x01\0\0\0bK\x02sb.', TWO_STATES),
    ('call_popped', b'cmodels\nactivation\nK\x05\x85R0N.', None),
    ('appends_empty', b'](e.', []),
    ('additems_frozen', b'\x80\x04(K\x01\x91.', frozenset([1])),
]


def write(writer):
    for name, data, value in HAND:
        case = Case(write, 'hand_' + name, tree=value is not TWO_STATES, dis=True)
        writer.hand(case, data, value)
