"""The row of an array or NumPy scalar: what `ndpickle arrays --json --sha256` prints of it."""
from __future__ import print_function
import hashlib

import numpy as np


def row(o, path, protocol):
    told = {'path': path, 'kind': kind_of(o), 'shape': list(o.shape)}
    if isinstance(o, np.ndarray):
        dtype, told['order'] = o.dtype, order_of(o, protocol)
    else:
        dtype, told['order'] = o.__reduce__()[1][0], 'C'  # a str scalar's own dtype is not the pickle's if it is empty
    told['dtype'] = dtype_text(dtype)
    told['nbytes'] = int(o.size) * dtype.itemsize
    if dtype.hasobject or dtype.kind == 'T':
        told['sha256'] = None
    elif dtype.itemsize == 0:
        told['sha256'] = sha256(b'')
    else:
        told['sha256'] = sha256(elements(np.asarray(np.ma.getdata(o))))
    if told['kind'] == 'masked':
        told['mask_sha256'] = sha256(np.ma.getmaskarray(o).tobytes())
    if not is_plain(dtype):
        told['plain'] = False
    return told


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def is_array(o):
    if isinstance(o, np.ma.core.MaskedConstant):
        return False  # np.ma.masked is a call without arguments
    return isinstance(o, (np.ndarray, np.generic))


def kind_of(o):
    for kind, name in [(np.record, 'record'), (np.generic, 'scalar'), (np.ma.MaskedArray, 'masked'),
                       (np.matrix, 'matrix'), (np.recarray, 'recarray'), (np.char.chararray, 'chararray'),
                       (np.memmap, 'memmap')]:
        if isinstance(o, kind):
            return name
    return 'ndarray' if type(o) is np.ndarray else 'subclass'


def order_of(a, protocol):
    """The order that the pickle states, read from the array's own reduce value."""
    if a.size == 0 or sum(n > 1 for n in a.shape) <= 1:
        return 'C'  # both orders are the same; NumPy 1.11 and older may have said F
    parts = a.__reduce_ex__(protocol)
    if parts[0].__name__ == '_frombuffer':
        return parts[1][3]
    return 'F' if parts[2][3] else 'C'


def is_user_type(dtype):
    return dtype.names is None and dtype.type.__module__.split('.')[0] != 'numpy'


def is_plain(dtype):
    if dtype.names is not None or dtype.hasobject:
        return False
    if is_user_type(dtype):
        return dtype.type.__name__ == 'bfloat16'
    return dtype.kind in 'biufcSUV' and dtype.char not in 'gG'


def dtype_text(dtype):
    if dtype.names is not None:
        fields = []
        for name in dtype.names:
            field = dtype.fields[name]
            base, shape = field[0].subdtype or (field[0], ())
            title = field[2] if len(field) > 2 else None
            fields.append([name, title, dtype_text(base), list(shape), field[1]])
        return fields
    if dtype.kind == 'T':
        return 'StringDType'
    return dtype.type.__name__ if is_user_type(dtype) else dtype.str


def elements(a):
    """The elements in C order, every number little-endian; a structure's fields one after another."""
    dtype = a.dtype
    if dtype.names is not None:
        return b''.join(elements(a[name]) for name in dtype.names)
    raw = a.tobytes()
    if dtype.byteorder != '>':
        return raw
    width = {'U': 4, 'c': dtype.itemsize // 2}.get(dtype.kind, dtype.itemsize)
    return np.frombuffer(raw, 'V%d' % width).view('u1').reshape(-1, width)[:, ::-1].tobytes()
