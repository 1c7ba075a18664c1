"""Values with out-of-band buffers: `make` tells their pickles, `load FILE` loads what was made of those and compares."""
import itertools
import json
import pickle
import platform
import sys

import numpy as np


def values():
    cube = np.arange(24, dtype='f4').reshape(2, 3, 4)
    record = np.array([(1, 2.5, b'x'), (3, 4.5, b'yz')], [('one', '<i4'), ('two', '>f8'), ('three', 'S3')])
    frozen = np.arange(5)
    frozen.flags.writeable = False
    large = np.arange(70000, dtype='u1')
    still = np.frombuffer(bytes(range(256)) * 300, 'u2')
    shared = np.arange(7, dtype='i2')
    objects = np.empty(2, object)
    objects[:] = [np.arange(3), 'text']
    return {
        'one': np.arange(3.0),
        'orders': [cube, np.asfortranarray(cube), cube.transpose(0, 2, 1), cube[:0], np.array(1.5), cube.T],
        # Which of them was contiguous only protocol 5 tells.
        'strided': [cube[:, ::2], cube[::-1], cube],
        'record': [record, record[:1], np.asfortranarray(record)],
        'frozen': [frozen, frozen, np.arange(5), frozen[:1], frozen[:0]],
        'dtype': [np.arange(n, dtype=shared.dtype) for n in range(5)],
        'large': [large, still, [shared, large], {'key': shared}, still[:500]],
        'in the pickle': [objects, np.array(['2024'], 'M8[D]'), np.float64(1.5), b'bytes', bytearray(b'bytes'), np.matrix([[1.0]])],
        'bytearray': [bytearray(b'abc'), np.frombuffer(bytearray(b'abc'), 'u1'), bytearray(5000)],
    }


def by_themselves():
    """PickleBuffers that no array has."""
    cube = np.arange(24, dtype='f4').reshape(2, 3, 4)
    make = pickle.PickleBuffer
    return {
        'buffers': [make(b'bytes'), make(bytearray(b'more bytes')), make(cube), make(np.asfortranarray(cube)), np.arange(2), make(b'')],
        'large buffers': [make(bytes(70000)), make(bytearray(70000)), make(b'x' * 300)],
    }


WAYS = {
    'out': lambda n: False,
    'in': lambda n: True,
    'odd': lambda n: n % 2 == 1,
    'even': lambda n: n % 2 == 0,
}


def dumped(value, way):
    """The pickle, and the buffers that are out of band."""
    buffers, count = [], itertools.count()

    def callback(buffer):
        if WAYS[way](next(count)):
            return True
        with buffer.raw() as raw:
            buffers.append({'bytes': bytes(raw).hex(), 'read_only': raw.readonly})
        return None

    return {'pickle': pickle.dumps(value, 5, buffer_callback=callback).hex(), 'buffers': buffers}


def make():
    print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
    for name, value in {**values(), **by_themselves()}.items():
        case = {'name': name, 'ways': {way: dumped(value, way) for way in WAYS}}
        assert dumped(value, 'in')['pickle'] == pickle.dumps(value, 5).hex()
        if name in values():
            case['below'] = {protocol: pickle.dumps(value, protocol).hex() for protocol in range(5)}
        print(json.dumps(case))


def same(a, b):
    if isinstance(a, pickle.PickleBuffer) or isinstance(b, pickle.PickleBuffer):
        return bytes(pickle.PickleBuffer(a).raw()) == bytes(pickle.PickleBuffer(b).raw())
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        flags = ['C_CONTIGUOUS', 'F_CONTIGUOUS', 'WRITEABLE']
        alike = a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
        if a.dtype.hasobject:
            return a.shape == b.shape and all(map(same, a.ravel().tolist(), b.ravel().tolist()))
        # A view that is not contiguous comes back as a copy that is.
        return alike and (not a.flags.forc or all(a.flags[flag] == b.flags[flag] for flag in flags))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


def load(path):
    expected = {**values(), **by_themselves()}
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            given = [(bytes if buffer['read_only'] else bytearray)(bytes.fromhex(buffer['bytes'])) for buffer in told['buffers']]
            found = pickle.loads(bytes.fromhex(told['pickle']), buffers=given)
            if not same(expected[told['name']], found):
                print('%s %s: %r' % (told['name'], told['way'], found))


make() if sys.argv[1] == 'make' else load(sys.argv[2])
