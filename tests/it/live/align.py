"""Values with large payloads: `make` tells their pickles, `load FILE` loads what was made of those and compares."""
import json
import pickle
import platform
import sys

import numpy as np


def values():
    weights = np.arange(20000.0)
    cube = np.arange(6000, dtype='i2').reshape(10, 20, 30)
    frozen = np.arange(3000)
    frozen.flags.writeable = False
    objects = np.empty(2, object)
    objects[:] = [np.arange(600), bytes(4096)]
    return {
        'sizes': [np.arange(size, dtype='u1') for size in [0, 1, 4095, 4096, 4097, 65535, 65536, 65537]],
        'orders': [cube, np.asfortranarray(cube), cube.transpose(0, 2, 1), cube[::2], frozen, np.float64(1.5)],
        'many': [np.full(600, n) for n in range(30)] + list(range(30)) + [np.full(600, n) for n in range(9)],
        'shared': {'weights': weights, 'again': weights, 'in': [weights, cube, {'the': [cube]}]},
        'record': np.array([(n, n / 2, b'x') for n in range(400)], [('one', '<i4'), ('two', '>f8'), ('three', 'S3')]),
        'objects': [objects, np.ma.masked_less(np.arange(5000), 9), np.arange(700).view('M8[s]'), np.zeros(500, 'i4, f8').view(np.recarray)],
        # A bytearray alone, and what may look like padding.
        'bytes': (bytes(5000), bytearray(b'bytes' * 1000), {b'x' * 70000: bytes(70000)}, bytearray(70000), bytes(4096)),
        # What is in the way of a frame: short ones, and text that is not aligned.
        'frames': [bytes(65536), 1, bytes(65536), 't' * 70000, None, bytes(65536), 'text', bytes(4096), bytes(65537)],
    }


def make():
    print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
    for name, value in values().items():
        pickles = {protocol: pickle.dumps(value, protocol).hex() for protocol in range(3, 6)}
        print(json.dumps({'name': name, 'pickles': pickles}))


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ma.MaskedArray):
        return same(a.data, b.data) and same(a.mask, b.mask)
    if isinstance(a, np.ndarray):
        if a.dtype != b.dtype or a.shape != b.shape:
            return False
        if a.dtype.hasobject:
            return all(map(same, a.tolist(), b.tolist()))
        return a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


def load(path):
    expected = values()
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            data = bytes.fromhex(told['pickle'])
            # The second is the one in Python, which takes no opcode that is in two frames.
            for loads in [pickle.loads, pickle._loads]:
                if not same(expected[told['name']], loads(data)):
                    print('%s %s is another' % (told['name'], told['way']))


make() if sys.argv[1] == 'make' else load(sys.argv[2])
