# Loads streams and values that strategies made.
import argparse
import copyreg
import io
import json
import pickle
import pickletools
import sys

import numpy as np


class Stored(object):
    def __init__(self, pid):
        self.pid = pid


# The code that streams take an extension by.
copyreg.add_extension('collections', 'OrderedDict', 240)


def loads(data, base, buffers):
    class Unpickler(base):
        def persistent_load(self, pid):
            return Stored(pid)

    return Unpickler(io.BytesIO(data), encoding='utf-8', buffers=buffers).load()


def buffers(data):
    """As many as the stream asks for, which nothing tells but its opcodes."""
    count = sum(op.name == 'NEXT_BUFFER' for op, _, _ in pickletools.genops(data))
    return [bytearray(b'a buffer %d' % n) for n in range(count)]


def shape(root):
    """What a value is, sharing and cycles among it, as a text: equal ones are the same value."""
    seen, told, todo = {}, [], [root]
    while todo:
        value = todo.pop()
        kind = type(value).__name__
        if isinstance(value, (type(None), bool, int, str, bytes)):
            told.append('%s %r' % (kind, value))
        elif isinstance(value, float):
            told.append(value.hex())
        elif isinstance(value, complex):
            told.append(value.real.hex() + value.imag.hex())
        elif isinstance(value, type):
            told.append(value.__name__)
        elif not isinstance(value, tuple) and id(value) in seen:
            told.append('again %d' % seen[id(value)])
        elif isinstance(value, (bytearray, memoryview)):
            seen[id(value)] = len(seen)
            told.append('%s %r' % (kind, bytes(value)))
        elif isinstance(value, (np.ndarray, np.generic)):
            seen[id(value)] = len(seen)
            # `_reconstruct` makes numbers of the other order native.
            native = value.dtype.newbyteorder('=')
            told.append('%s %s %s' % (kind, native, value.shape))
            if value.dtype.hasobject:
                todo.extend(reversed(value.ravel().tolist()))
            else:
                told.append(value.astype(native).tobytes().hex())
            if isinstance(value, np.ma.MaskedArray):
                told.append(np.ma.getmaskarray(value).tobytes().hex())
        else:
            seen[id(value)] = len(seen)
            if isinstance(value, dict):
                parts = [part for pair in value.items() for part in pair]
            elif isinstance(value, (set, frozenset)):
                # In the order of their texts, for which they have no parts that are met again.
                told.append('%s %s' % (kind, sorted(map(shape, value))))
                continue
            elif isinstance(value, (Stored, argparse.Namespace)):
                parts = [part for pair in vars(value).items() for part in pair]
            else:
                parts = list(value)
            told.append('%s %d' % (kind, len(parts)))
            todo.extend(reversed(parts))
    return '; '.join(told)


def main(path):
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            found = []
            for data in map(bytes.fromhex, told['pickles']):
                for base in [pickle.Unpickler, pickle._Unpickler] if told['both'] else [pickle.Unpickler]:
                    try:
                        found.append(shape(loads(data, base, buffers(data) if told['both'] else [])))
                    except Exception as error:
                        found.append('%s: %s' % (type(error).__name__, error))
                        print('%s: %s' % (told['name'], found[-1]), data)
            if len(set(found)) > 1:
                print('%s: %s' % (told['name'], '\n   '.join(sorted(set(found)))), told['pickles'])


main(sys.argv[2])
