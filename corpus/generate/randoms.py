"""What a reader must know of random generators: an entry's `random`."""
from __future__ import print_function
import binascii
import struct

import numpy as np
from paths import INTEGERS

NAMES = 'RandomState', 'Generator', 'SeedSequence', 'MT19937', 'PCG64', 'PCG64DXSM', 'Philox', 'SFC64'
CLASSES = [getattr(np.random, name) for name in NAMES if hasattr(np.random, name)]


def is_random(o):
    return type(o) in CLASSES


def random_row(o, path):
    """An item of an entry's `random`: class, state, and the seed sequence where the pickle has it."""
    name = type(o).__name__
    told = {'path': path, 'class': name, 'state': None, 'seed_seq': None}
    if name == 'SeedSequence':
        told['seed_seq'] = seed_fields(o)
        return told
    if name == 'RandomState':
        told['state'] = plain(legacy_state(o))
        source = getattr(o, '_bit_generator', None)
    else:
        source = o.bit_generator if name == 'Generator' else o
        told['state'] = plain(source.state)
    # From NumPy 2.0 on the state of a bit generator is (dict, seed sequence or None).
    state = source.__reduce__()[2] if source is not None else None
    if isinstance(state, tuple) and state[1] is not None:
        told['seed_seq'] = seed_fields(state[1])
    return told


def legacy_state(o):
    """`get_state(legacy=False)`, which NumPy 1.17 brought."""
    if hasattr(o, '_bit_generator'):
        return o.get_state(legacy=False)
    name, key, position, has_gauss, gauss = o.get_state()
    return {'bit_generator': name, 'state': {'key': key, 'pos': position}, 'has_gauss': has_gauss, 'gauss': gauss}


def seed_fields(o):
    names = 'entropy', 'spawn_key', 'pool_size', 'n_children_spawned', 'pool'
    return dict((name, plain(getattr(o, name))) for name in names)


def plain(value):
    """As JSON: ints are decimal texts, floats their bits, arrays lists."""
    if isinstance(value, dict):
        return dict((k, plain(v)) for k, v in value.items())
    if isinstance(value, (tuple, list, np.ndarray)):
        return [plain(v) for v in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, INTEGERS + (np.integer,)):
        return '%d' % value
    if isinstance(value, float):
        return binascii.hexlify(struct.pack('>d', value)).decode('ascii')
    return value
