"""Hand-made calls and states that NumPy accepts though it writes them no longer, or never did.

`array_setstate` and `arraydescr_setstate` in NumPy's methods.c and descriptor.c have the rules; what a pickle means is told by
loading it.
"""
from __future__ import print_function
import pickle

import numpy as np
from cases import Case

RAW = np.array([0.0, 1.5]).tobytes()
I4, F8 = np.dtype('<i4'), np.dtype('<f8')
FIELDS = {'a': (I4, 0), 'b': (F8, 4)}
OLD_FIELDS = {'a': (I4, 0), 'b': (F8, 4), -1: ('a', 'b')}  # versions 0 and 1 have the names there


class Call(object):
    """Pickles as a call, and its state if there is one."""

    def __init__(self, function, arguments, *state):
        self.parts = (function, arguments) + state

    def __reduce__(self):
        return self.parts


def dtype(spec, *state):
    return Call(np.dtype, (spec, False, True), state)


def time(kind, *metadata):
    return dtype(kind, 4, '<', None, None, None, -1, -1, 0, metadata)


def void(names, fields, elsize, *rest):
    return dtype('V%d' % elsize, 3, '|', None, names, fields, elsize, *(rest or (1, 16)))


def array(*state, **options):
    kind = options.get('kind', np.ndarray)
    return Call(reconstruct, options.get('arguments', (kind, (0,), b'b')), state)


def of(dtype, payload=RAW, count=2):
    return array(1, (count,), dtype, False, payload)


def again(value, state):
    """The pickle of a value that gets another state; its numbers of the memo begin anew."""
    return pickle.dumps(value, 2)[:-1] + pickle.dumps(state, 2)[2:-1] + b'b.'


reconstruct = np.array([]).__reduce__()[0]
scalar = np.float64(0).__reduce__()[0]
frombuffer = np.array([]).__reduce_ex__(5)[0] if hasattr(pickle, 'PickleBuffer') else None

DTYPES = [
    ('version_0', dtype('f8', '>', None, None, -1, -1)),
    ('version_0_object', dtype('O8', '|', None, None, -1, -1)),
    ('version_0_fields', dtype('V12', '|', None, OLD_FIELDS, 12, 1)),
    ('version_1_fields', dtype('V12', 1, '|', None, OLD_FIELDS, 12, 1)),
    ('version_1_subarray', dtype('V16', 1, '|', (F8, (2,)), None, 16, 8)),
    ('version_2', dtype('f8', 2, '<', None, None, None, -1, -1)),
    ('version_2_fields', dtype('V12', 2, '|', None, ('b', 'a'), FIELDS, 12, 1)),
    ('version_2_object', dtype('V12', 2, '|', None, ('a', 'b'), {'a': (I4, 0), 'b': (np.dtype('O'), 4)}, 12, 1)),
    ('version_3_metadata', dtype('f8', 3, '<', None, None, None, -1, -1, 0, {'k': 1})),
    ('version_4_short', dtype('f8', 4, '<', None, None, None, -1, -1, 0)),
    ('version_4_none', dtype('f8', 4, '<', None, None, None, -1, -1, 0, None)),
    ('order_bytes', dtype('f8', 3, b'>', None, None, None, -1, -1, 0)),
    ('order_native', dtype('f8', 3, '=', None, None, None, -1, -1, 0)),
    ('order_none', dtype('f8', 3, '|', None, None, None, -1, -1, 0)),
    ('order_unknown', dtype('f8', 3, 'x', None, None, None, -1, -1, 0)),
    ('names_bytes', void((b'a',), {b'a': (F8, 0)}, 8)),
    ('names_fewer', void(('a',), FIELDS, 12)),
    ('names_itemsize', dtype('V4', 3, '|', None, ('a',), {'a': (F8, 0)}, 8, 1, 16)),
    ('fields_other_order', void(('b', 'a'), FIELDS, 12)),
    ('subarray_int', dtype('V16', 3, '|', (F8, 2), None, None, 16, 8, 0)),
    ('elsize_wins', dtype('U5', 3, '<', None, None, None, 12, 4, 8)),
    ('elsize_ignored', dtype('f8', 3, '<', None, None, None, 4, 4, 0)),
    ('flags_aligned', void(('a', 'b'), {'a': (np.dtype('i1'), 0), 'b': (F8, 8)}, 16, 8, 144)),
    ('bare', Call(np.dtype, ('>f4',))),
    ('ints', Call(np.dtype, ('f8', 0, 1), (3, '>', None, None, None, -1, -1, 0))),
    ('type', dtype(np.float64, 3, '>', None, None, None, -1, -1, 0)),
    ('name', dtype('float64', 3, '>', None, None, None, -1, -1, 0)),
    ('old_object', dtype('O4', 3, '|', None, None, None, -1, -1, 63)),
    ('unit_text', time('M8', {}, ('ns', 1, 1, 1))),
    ('unit_none', time('M8', None, (b'ns', 1, 1, 1))),
    ('unit_micro', time('m8', {}, (u'\u03bcs', 1, 1, 1))),
    ('unit_pair', time('M8', {}, (b'ms', 10))),
    ('unit_divisor', time('M8', {}, (b's', 1, 4, 1))),
    ('unit_divisor_weeks', time('M8', None, (b'W', 1, 7, 1))),
    ('unit_divisor_years', time('m8', None, (b'Y', 1, 12, 1))),
    ('unit_divisor_days', time('m8', None, (b'D', 3, 2, 1))),
    ('unit_event', time('M8', {}, (b's', 1, 1, 2))),
    ('unit_generic_count', time('m8', {}, (b'generic', 3, 1, 1))),
    ('unit_metadata', time('M8', {'zone': 'UTC'}, (b'D', 1, 1, 1))),
]

SWAPPED_FIELDS = void(('a', 'b'), {'a': (np.dtype('>i4'), 0), 'b': (F8, 8)}, 16)

ARRAYS = [
    ('version_left_out', array((2,), F8, False, RAW)),
    ('version_0', array(0, (2,), F8, False, RAW)),
    ('version_true', array(True, (2,), F8, False, RAW)),
    ('state_list', Call(reconstruct, (np.ndarray, (0,), b'b'), [1, (2,), F8, False, RAW])),
    ('fortran_1', array(1, (1, 2), F8, 1, RAW)),
    ('fortran_7', array(1, (2, 3), np.dtype('u1'), 7, b'abcdef')),
    ('fortran_true', array(1, (2, 3), np.dtype('u1'), True, b'abcdef')),
    ('payload_text', of(F8, RAW.decode('latin-1'))),
    ('payload_text_high', of(np.dtype('u1'), u'\xff\x80')),
    ('list_longer', of(np.dtype('O'), [1, 2, 3])),
    ('list_fortran', array(1, (2, 2), np.dtype('O'), True, [1, 2, 3, 4])),
    ('without_axes', array(1, (), F8, False, RAW[8:])),
    ('padding', of(SWAPPED_FIELDS, bytes(range(32)))),
    ('old_dtype', of(dtype('f8', '<', None, None, -1, -1))),
    ('old_fields', of(dtype('V12', '|', None, OLD_FIELDS, 12, 1), bytes(range(24)))),
    ('unit_divisor', of(time('M8', None, (b's', 1, 4, 1)))),
    ('order_native', of(dtype('f8', 3, '=', None, None, None, -1, -1, 0))),
    ('state_again', again(array(1, (1,), F8, False, RAW[:8]), (1, (2,), F8, False, RAW))),
    ('made_of_list', array(1, (2,), F8, False, RAW, arguments=(np.ndarray, [0], 'b'))),
    ('made_of_int', array(1, (2,), F8, False, RAW, arguments=(np.ndarray, 0, F8))),
    ('made_alone', Call(reconstruct, (np.ndarray, (0, 3), '<f8'))),
    ('made_matrix', array(1, (1, 2), F8, False, RAW, arguments=(np.matrix, (0,), 'b'))),
    ('buffer_bytes', Call(frombuffer, (RAW, F8, (2, 1), 'C'))),
    ('buffer_axes', Call(frombuffer, (bytearray(range(24)), np.dtype('u1'), (2, 3, 4), 'K', (1, 2, 0)))),
    ('buffer_swapped', Call(frombuffer, (RAW, np.dtype('>f8'), (2,), 'F'))),
    ('scalar_text', Call(scalar, (F8, RAW[8:].decode('latin-1')))),
    ('scalar_longer', Call(scalar, (F8, RAW))),
    ('scalar_zero', Call(scalar, (F8,))),
]


def pickled(value):
    return value if isinstance(value, bytes) else pickle.dumps(value, 5)


def write(writer):
    for group, table in [('dtype', DTYPES), ('array', ARRAYS)]:
        for name, value in table:
            data = pickled(value)
            writer.hand(Case(write, 'hand_%s_%s' % (group, name), tree=False), data, pickle.loads(data), numeric=True)
