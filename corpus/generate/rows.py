"""The row of an array or NumPy scalar: what `ndpickle arrays --json --sha256` prints of it."""
from __future__ import print_function
import hashlib

import numpy as np
from dtypes import dtype_text, is_plain, spelled


def row(o, path, protocol):
    told = {'path': path, 'kind': kind_of(o), 'shape': list(o.shape)}
    if isinstance(o, np.ndarray):
        dtype, told['order'] = o.dtype, order_of(o, protocol)
    else:
        dtype, told['order'] = o.__reduce__()[1][0], 'C'  # a str scalar's own dtype is not the pickle's if it is empty
    told['dtype'] = dtype_text(dtype)
    told['nbytes'] = int(o.size) * dtype.itemsize
    told['sha256'] = elements_sha256(o if isinstance(o, np.ndarray) else stored_scalar(o, dtype), dtype)
    if told['kind'] == 'masked':
        fill = o.__reduce__()[2][6]
        told['mask_sha256'] = sha256(np.ma.getmaskarray(o).tobytes())
        told['fill_sha256'] = None if fill is None else elements_sha256(fill, fill.dtype)
    if not is_plain(dtype):
        told.update(spelled(dtype), plain=False)
    return told


def damaged_row(kind, path):
    """The row of an array that no reader can make."""
    unknown = dict.fromkeys(['dtype', 'shape', 'order', 'nbytes', 'sha256'])
    return dict(unknown, path=path, kind=kind, error=True)


def elements_sha256(o, dtype):
    if holds_objects(dtype):
        return None
    return sha256(elements(np.asarray(np.ma.getdata(o))) if dtype.itemsize else b'')


def stored_scalar(o, dtype):
    """An array of the bytes that are the pickle's: the padding of a long double is not always the scalar's."""
    return np.frombuffer(o.__reduce__()[1][1], dtype) if dtype.char in 'gG' else o


def holds_objects(dtype):
    return dtype.hasobject or dtype.kind == 'T'


def stored_objects(o):
    """The elements as the list that a pickle has of them; None where it has bytes."""
    if isinstance(o, np.ndarray):
        return np.ndarray.__reduce__(o)[2][4] if holds_objects(o.dtype) else None
    dtype, value = o.__reduce__()[1]
    if not holds_objects(dtype):
        return None
    # An array without axes from NumPy 1.20 on, in 1.19 a tuple; before, bytes that are addresses.
    return value.__reduce__()[2][4] if isinstance(value, np.ndarray) else [value]


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
    parts = a.__reduce_ex__(protocol) if type(a) is np.ndarray else np.ndarray.__reduce__(a)
    if parts[0].__name__ == '_frombuffer':
        return parts[1][3]
    return 'F' if parts[2][3] else 'C'


def elements(a):
    """The elements in C order, every number little-endian; a structure's fields one after another."""
    dtype = a.dtype
    if dtype.itemsize == 0:
        return b''
    if dtype.names is not None:
        return b''.join(elements(a[name]) for name in dtype.names)
    raw = a.tobytes()
    if dtype.byteorder != '>' or not raw:
        return raw
    width = {'U': 4, 'c': dtype.itemsize // 2}.get(dtype.kind, dtype.itemsize)
    return np.frombuffer(raw, 'V%d' % width).view('u1').reshape(-1, width)[:, ::-1].tobytes()
