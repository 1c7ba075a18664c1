"""Arrays that cannot be: what NumPy refuses, crashes on, or reads from beyond the data.

Each pickle is loaded in a child process. NumPy's refusal decides where it refuses; where it does not, the table has the rule.
"""
from __future__ import print_function
import os
import pickle
import resource
import signal

import numpy as np
from cases import Case
from hand_states import F8, FIELDS, I4, RAW, Call, array, dtype, frombuffer, of, pickled, reconstruct, scalar, time, void
from rows import damaged_row, row

OBJECT = np.dtype('O')
TWICE = {'a': (I4, 0), 'b': (I4, 4)}
MASKED_STATE = np.ma.array([0.0, 1.5], mask=[0, 1]).__reduce__()


def masked(*state):
    return Call(MASKED_STATE[0], MASKED_STATE[1], state)


# name: (the value, kind, the rule where NumPy does not refuse)
DAMAGED = [
    # the state
    ('state_left_out', Call(reconstruct, (np.ndarray, (2,), 'f8')), 'ndarray', 'memory that nobody has written to'),
    ('state_3', array((2,), F8, RAW), 'ndarray', None),
    ('state_6', array(1, (2,), F8, False, RAW, 0), 'ndarray', None),
    ('version_2', array(2, (2,), F8, False, RAW), 'ndarray', None),
    ('version_negative', array(-1, (2,), F8, False, RAW), 'ndarray', None),
    ('version_float', array(1.0, (2,), F8, False, RAW), 'ndarray', None),
    ('made_of_two', Call(reconstruct, (np.ndarray, (0,)), (1, (2,), F8, False, RAW)), 'ndarray', None),
    # the shape
    ('shape_list', array(1, [2], F8, False, RAW), 'ndarray', None),
    ('shape_int', array(1, 2, F8, False, RAW), 'ndarray', None),
    ('shape_floats', array(1, (2.0,), F8, False, RAW), 'ndarray', None),
    ('shape_negative', array(1, (-2,), F8, False, RAW), 'ndarray', None),
    ('shape_negatives', array(1, (-1, -2), F8, False, RAW), 'ndarray', None),
    ('shape_65_axes', array(1, (1,) * 65, F8, False, RAW[:8]), 'ndarray', 'NumPy reads beyond the 64 lengths that it keeps'),
    ('shape_overflow', array(1, (2 ** 62,), F8, False, b''), 'ndarray', None),
    ('shape_overflow_and_0', array(1, (2 ** 62, 2 ** 62, 0), F8, False, b''), 'ndarray', None),
    ('shape_overflow_by_itemsize', array(1, (2 ** 62, 0), F8, False, b''), 'ndarray', None),
    ('shape_65_bits', array(1, (2 ** 64,), F8, False, b''), 'ndarray', None),
    ('fortran_none', array(1, (2,), F8, None, RAW), 'ndarray', None),
    ('fortran_text', array(1, (2,), F8, 'F', RAW), 'ndarray', None),
    # the data
    ('payload_short', of(F8, RAW[:15]), 'ndarray', None),
    ('payload_long', of(F8, RAW + b'\0'), 'ndarray', None),
    ('payload_of_empty', of(F8, RAW, 0), 'ndarray', None),
    ('payload_none', of(F8, None), 'ndarray', None),
    ('payload_list', of(F8, [0.0, 1.5]), 'ndarray', None),
    ('payload_bytearray', of(F8, bytearray(RAW)), 'ndarray', None),
    ('payload_text_beyond_latin1', of(F8, u'\u0100' * 16), 'ndarray', None),
    ('objects_short', of(OBJECT, [1, 2], 3), 'ndarray', 'NumPy reads beyond the list'),
    ('objects_none', of(OBJECT, [], 200000), 'ndarray', 'NumPy reads beyond the list'),
    ('objects_bytes', of(OBJECT, b'\0' * 16), 'ndarray', None),
    ('objects_tuple', of(OBJECT, (1, 2)), 'ndarray', None),
    ('objects_fields_short', of(void(('o',), {'o': (OBJECT, 0)}, 8, 1, 27), [(1,)], 2), 'ndarray', 'NumPy reads beyond the list'),
    # the dtype
    ('dtype_text', of('<f8'), 'ndarray', None),
    ('dtype_unknown', of(dtype('q9', 3, '<', None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_version_5', of(dtype('f8', 5, '<', None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_version_negative', of(dtype('f8', -1, '<', None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_state_4', of(dtype('f8', '<', None, None, -1)), 'ndarray', None),
    ('dtype_state_10', of(dtype('f8', 4, '<', None, None, None, -1, -1, 0, None, 0)), 'ndarray', None),
    ('dtype_order_empty', of(dtype('f8', 3, '', None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_order_long', of(dtype('f8', 3, '<<', None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_order_none', of(dtype('f8', 3, None, None, None, None, -1, -1, 0)), 'ndarray', None),
    ('dtype_elsize_negative', of(dtype('V8', 3, '|', None, None, None, -1, -1, 0)), 'ndarray', 'an element cannot be smaller than nothing'),
    ('dtype_names_alone', of(void(('a',), None, 8)), 'ndarray', None),
    ('dtype_fields_alone', of(void(None, FIELDS, 12)), 'ndarray', None),
    ('dtype_names_list', of(void(['a', 'b'], TWICE, 8)), 'ndarray', None),
    ('dtype_names_unknown', of(void(('a', 'z'), TWICE, 8)), 'ndarray', 'a name without a field'),
    ('dtype_old_without_names', of(dtype('V8', 1, '|', None, TWICE, 8, 1)), 'ndarray', None),
    ('dtype_field_no_dtype', of(void(('a',), {'a': ('<f8', 0)}, 8)), 'ndarray', 'a field is a dtype and an offset'),
    ('dtype_field_beyond', of(void(('a', 'b'), {'a': (I4, 0), 'b': (F8, 4)}, 8)), 'ndarray', 'NumPy reads beyond the data'),
    ('dtype_field_before', of(void(('a',), {'a': (F8, -8)}, 8)), 'ndarray', 'NumPy reads ahead of the data'),
    ('dtype_subarray_list', of(dtype('V8', 3, '|', [I4, (2,)], None, None, 8, 4, 0)), 'ndarray', None),
    ('dtype_object_of_bytes', of(dtype('O8', 3, '|', None, None, None, -1, -1, 0), b'\0' * 15 + b'\1'), 'ndarray', 'bytes as addresses'),
    ('dtype_object_in_bytes', of(void(('o',), {'o': (OBJECT, 0)}, 8), b'\0' * 15 + b'\1'), 'ndarray', 'bytes as addresses'),
    ('time_without_metadata', of(dtype('M8', 3, '<', None, None, None, -1, -1, 0)), 'ndarray', 'NumPy 2.5 crashes'),
    ('time_metadata_dict', of(dtype('M8', 4, '<', None, None, None, -1, -1, 0, {})), 'ndarray', None),
    ('time_unit_unknown', of(time('M8', {}, (b'zz', 1, 1, 1))), 'ndarray', None),
    ('time_count_0', of(time('M8', {}, (b's', 0, 1, 1))), 'ndarray', None),
    ('time_count_large', of(time('M8', {}, (b's', 2 ** 40, 1, 1))), 'ndarray', None),
    ('time_divisor_0', of(time('M8', {}, (b's', 1, 0, 1))), 'ndarray', None),
    ('time_divisor_odd', of(time('M8', {}, (b'Y', 1, 7, 1))), 'ndarray', None),
    # other ways to make an array
    ('buffer_short', Call(frombuffer, (RAW, F8, (3,), 'C')), 'ndarray', None),
    ('buffer_long', Call(frombuffer, (RAW, F8, (1,), 'C')), 'ndarray', None),
    ('buffer_odd', Call(frombuffer, (RAW[:15], F8, (1,), 'C')), 'ndarray', None),
    ('buffer_objects', Call(frombuffer, (RAW, OBJECT, (2,), 'C')), 'ndarray', None),
    ('buffer_without_size', Call(frombuffer, (b'', np.dtype([]), (2,), 'C')), 'ndarray', None),
    ('buffer_order_unknown', Call(frombuffer, (RAW, F8, (2,), 'X')), 'ndarray', None),
    ('buffer_axes_missing', Call(frombuffer, (RAW, F8, (2, 1), 'K')), 'ndarray', None),
    ('buffer_axes_twice', Call(frombuffer, (RAW, F8, (2, 1), 'K', (0, 0))), 'ndarray', None),
    ('buffer_axes_beyond', Call(frombuffer, (RAW, F8, (2, 1), 'K', (0, 2))), 'ndarray', None),
    ('buffer_text', Call(frombuffer, (u'0123456789abcdef', F8, (2,), 'C')), 'ndarray', None),
    ('scalar_short', Call(scalar, (F8, RAW[:7])), 'scalar', None),
    ('scalar_object', Call(scalar, (OBJECT, 5)), 'scalar', None),
    ('mask_short', masked(1, (2,), F8, False, RAW, b'\0', None), 'masked', None),
    ('mask_long', masked(1, (2,), F8, False, RAW, b'\0\1\0', None), 'masked', None),
    ('mask_none', masked(1, (2,), F8, False, RAW, None, None), 'masked', None),
    ('masked_state_6', masked(1, (2,), F8, False, RAW, b'\0\1'), 'masked', None),
    ('masked_data_short', masked(1, (2,), F8, False, RAW[:8], b'\0\1', None), 'masked', None),
]

# Both sides of the one that is damaged.
BEFORE, AFTER = np.arange(2, dtype='i2'), np.float32(1.5)


def fate(data):
    """What becomes of a process that loads a pickle."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(20)
        try:
            pickle.loads(data)
        except Exception:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return 'crashes' if os.WIFSIGNALED(status) else 'refuses' if os.WEXITSTATUS(status) else 'accepts'


def write(writer):
    for name, value, kind, rule in DAMAGED:
        data = pickled(value)
        found = fate(data)
        if found != 'refuses' and not rule:
            writer.notes.append('NumPy %s damaged_%s, for which there is no rule' % (found, name))
        writer.damaged(Case(write, 'damaged_' + name, tree=False), data, [damaged_row(kind, '')])
    between = pickled([BEFORE, of(F8, RAW[:15]), AFTER])
    rows = [row(BEFORE, '[0]', 4), damaged_row('ndarray', '[1]'), row(AFTER, '[2]', 4)]
    writer.damaged(Case(write, 'damaged_between', tree=False), between, rows)
