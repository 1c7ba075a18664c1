"""Random states of every class as pickles in hex, with what NumPy says of them: one JSON object a line.

`state` is `get_state(legacy=False)` or `bit_generator.state`, `seed_seq` the seed sequence that the pickle holds, `raw` the next
numbers of the bit generator. Ints are decimal texts, floats the hex of their bits.
"""
import json, pickle, platform, struct
import numpy as np

CLASSES = [np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64]
SEEDS = [lambda: 42, lambda: np.random.SeedSequence([1, 2**70], spawn_key=(3,), pool_size=8).spawn(2)[1],
         lambda: np.random.SeedSequence(np.arange(5)), lambda: (np.int64(5), np.uint8(200))]
HAS_SEED = np.lib.NumpyVersion(np.__version__) >= '2.0.0'


def plain(value):
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return {'float': struct.pack('>d', value).hex()}
    return value if isinstance(value, str) or value is None else str(int(value))


def seed_seq(sequence):
    if sequence is None:
        return None
    if isinstance(sequence, Seedless):
        return 'seedless'
    names = ['entropy', 'spawn_key', 'pool_size', 'n_children_spawned', 'pool']
    return {name: plain(getattr(sequence, name)) for name in names}


def raw(bits, count=700):
    copy = type(bits)()
    copy.state = bits.state
    return plain(copy.random_raw(count))


def tell(name, value, kind, state=None, bits=None, seed=None):
    entropy = getattr(seed, 'entropy', None)
    told = {'numpy': np.__version__, 'python': platform.python_version(), 'is_plain': type(entropy) in (int, list, type(None)),
            'class': kind, 'state': plain(state), 'seed_seq': seed_seq(seed), 'raw': bits and raw(bits)}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for how, dumps in [('c', pickle.dumps), ('pure', pickle._dumps)]:
            full = '%s, protocol %d, %s' % (name, protocol, how)
            print(json.dumps(dict(told, name=full, pickle=dumps(value, protocol).hex(), is_c=how == 'c')))


def use(generator, how):
    """Leaves half of a number, some of a buffer, or one of two normal ones behind."""
    if how:
        generator.integers(0, 2**32, how, dtype=np.uint32)
        generator.random(5 * how)


def bit_generators():
    for bits_class in CLASSES:
        for seed in SEEDS:
            for how in range(4):
                bits = bits_class(seed())
                generator = np.random.Generator(bits)
                use(generator, how)
                yield '%s used %d times' % (bits_class.__name__, how), bits, generator
    bits = np.random.Philox(key=2**100 + 5, counter=2**200 + 77)
    yield 'Philox of a key', bits, np.random.Generator(bits)


def random_states():
    for seed in (0, 42, [1, 2, 3], None):
        yield 'RandomState(%r)' % (seed,), np.random.RandomState(seed)
    for bits_class in CLASSES:
        yield 'RandomState(%s)' % bits_class.__name__, np.random.RandomState(bits_class(7))


Seedless = np.random.bit_generator.SeedlessSeedSequence
for name, bits, generator in bit_generators():
    seed = bits.seed_seq if HAS_SEED else None
    tell(name, bits, bits.state['bit_generator'], bits.state, bits, seed)
    tell(name + ', in a Generator', generator, 'Generator', bits.state, bits, seed)
    tell(name + ', its state', bits.state, bits.state['bit_generator'], bits.state, bits)
for name, state in random_states():
    for normals in range(3):
        state.standard_normal(normals)
        bits, told = state._bit_generator, state.get_state(legacy=False)
        seed = bits.seed_seq if HAS_SEED else None
        name = '%s, %d normal ones later' % (name, normals)
        tell(name, state, 'RandomState', told, bits, seed)
        tell(name + ', its state', told, 'RandomState', told, bits)
        if isinstance(bits, np.random.MT19937):
            tell(name + ', its tuple', state.get_state(), 'RandomState', told, bits)
            without = dict(told, has_gauss=0, gauss=0.0)
            tell(name + ', its short tuple', state.get_state()[:3], 'RandomState', without, bits)
sequence = np.random.SeedSequence(2**200, spawn_key=(1, 2, 2**40), pool_size=16, n_children_spawned=9)
for sequence in [np.random.SeedSequence(), np.random.SeedSequence([]), np.random.SeedSequence(np.int64(7)), sequence] + sequence.spawn(2):
    tell('SeedSequence', sequence, 'SeedSequence', seed=sequence)
tell('SeedlessSeedSequence', Seedless(), 'SeedlessSeedSequence', seed=Seedless())
