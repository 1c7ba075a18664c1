"""What a reader must know of a dtype: the form that it has in rows, NumPy's own spellings, and the entry's `dtypes`."""
from __future__ import print_function

import numpy as np
from paths import TEXT


def dtype_text(dtype):
    """The dtype of a row: a text, or the list of fields."""
    if dtype.names is not None:
        return [field_text(dtype, name) for name in dtype.names]
    if dtype.kind == 'T':
        return 'StringDType'
    return dtype.type.__name__ if is_user_type(dtype) else dtype.str


def field_text(dtype, name):
    field = dtype.fields[name]
    base, shape = field[0].subdtype or (field[0], ())
    title = field[2] if len(field) > 2 else None
    if title is not None and not isinstance(title, (str, TEXT)):
        title = literal(title)
    return [name, title, dtype_text(base), list(shape), field[1]]


def is_user_type(dtype):
    return dtype.names is None and dtype.type.__module__.split('.')[0] != 'numpy'


def is_plain(dtype):
    if dtype.names is not None or dtype.hasobject:
        return False
    if is_user_type(dtype):
        return dtype.type.__name__ == 'bfloat16'
    return dtype.kind in 'biufcSUV' and dtype.char not in 'gG'


def spelled(dtype):
    """`str` and `descr` of a dtype."""
    if dtype.kind == 'T':  # |T16 and a list up to NumPy 2.4, then StringDType()
        return {'str': '|T16', 'descr': None}
    return {'str': dtype.str, 'descr': literal(dtype.descr) if is_in_order(dtype) else None}


def is_in_order(dtype):
    """Whether no field begins before the one ahead of it ends; others have no `descr` since NumPy 1.13, and a wrong one before."""
    if dtype.subdtype:
        return True  # told as raw bytes
    end = 0
    for name in dtype.names or ():
        field, offset = dtype.fields[name][:2]
        if offset < end or not is_in_order(field.base):
            return False
        end = offset + field.itemsize
    return True


def literal(value):
    """Python 3's `ascii(value)`, on Python 2 as well."""
    if isinstance(value, tuple):
        return '(%s%s)' % (', '.join(literal(v) for v in value), ',' if len(value) == 1 else '')
    if isinstance(value, list):
        return '[%s]' % ', '.join(literal(v) for v in value)
    if isinstance(value, dict):
        return '{%s}' % ', '.join('%s: %s' % (literal(k), literal(v)) for k, v in value.items())
    if isinstance(value, TEXT):
        return ascii(value) if TEXT is str else repr(value)[1:]
    return repr(value).rstrip('L') if isinstance(value, int) or type(value).__name__ == 'long' else repr(value)


def dtype_row(dtype, path):
    """An item of an entry's `dtypes`."""
    # Complex numbers had the alignment of their size up to NumPy 1.15, and have that of their halves since; no pickle tells.
    alignment = dtype.itemsize // 2 if dtype.char in 'FD' else dtype.alignment
    told = {'path': path, 'dtype': dtype_text(dtype), 'itemsize': dtype.itemsize, 'alignment': alignment,
            'isalignedstruct': dtype.isalignedstruct, 'hasobject': dtype.hasobject, 'metadata': bool(dtype.metadata)}
    if dtype.subdtype:
        told['base'], told['shape'] = dtype_text(dtype.base), list(dtype.shape)
    told.update(spelled(dtype))
    return told


def is_dtype(o):
    return isinstance(o, np.dtype)
