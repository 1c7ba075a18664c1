"""What the scripts beside this one share: a case is a line of JSON, with the pickles of a value at every protocol."""
import base64
import json
import pickle

import numpy as np


def tell(name, value, **facts):
    protocols = range(pickle.HIGHEST_PROTOCOL + 1)
    facts['name'] = name
    facts['pickles'] = [base64.b64encode(pickle.dumps(value, protocol)).decode() for protocol in protocols]
    print(json.dumps(facts))


def array_told(array):
    """Dtype, shape and elements: in C order as they are, and with every number little-endian."""
    array = np.asarray(array)
    # What lies between fields is not copied with them.
    is_whole = array.dtype.names is None or array.flags.c_contiguous
    little = array.astype(array.dtype.newbyteorder('<'))
    return {'dtype': array.dtype.str, 'shape': list(array.shape), 'bytes': array.tobytes().hex() if is_whole else None,
            'little': little.tobytes().hex()}


def dtype_told(dtype):
    """All that a dtype is, those of its fields included."""
    fields = None
    if dtype.names is not None:
        titles = {name: title_told(*dtype.fields[name][2:]) for name in dtype.names}
        fields = [[name, titles[name], dtype.fields[name][1], dtype_told(dtype.fields[name][0])] for name in dtype.names]
    subarray = dtype.subdtype and [dtype_told(dtype.subdtype[0]), list(dtype.subdtype[1])]
    # NumPy 2.0 says `|T16` of all strings of any length.
    text = repr(dtype) if dtype.kind == 'T' else dtype.str
    return {'str': text, 'descr': descr(dtype, text), 'itemsize': dtype.itemsize, 'objects': dtype.hasobject, 'fields': fields,
            # A subarray has the flag of its elements.
            'subarray': subarray, 'aligned': fields is not None and dtype.isalignedstruct, 'record': issubclass(dtype.type, np.record)}


def title_told(title=None):
    """A title: a text, or what Python says of another object."""
    return title if title is None or isinstance(title, str) else repr(title)


def descr(dtype, text):
    """The text of `descr`; None where there is none."""
    try:
        return repr(dtype.descr if dtype.names is not None else [('', text)])
    except ValueError:
        return None
