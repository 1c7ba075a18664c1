"""Random generators: fresh, used, spawned, and their states as values."""
from __future__ import print_function

import numpy as np
from arrays import Named
from cases import case

SMALL = ['PCG64', 'PCG64DXSM', 'Philox', 'SFC64']  # MT19937 has a state of 2.5 KB


def used(rng):
    """One normal deviate is kept back."""
    rng.standard_normal(3)
    return rng


def bit_generators():
    return Named((name, getattr(np.random, name)(42)) for name in SMALL if hasattr(np.random, name))


def half_used(generator):
    """Half of a 64-bit number is kept back, Philox has more in its buffer."""
    np.random.Generator(generator).random(3, dtype='f4')
    return generator


@case(protocols=(0, 2, 4, 5))
def random_state_used():
    return used(np.random.RandomState(42))


@case(protocols=(2, 4), edges=True)
def random_state_values():
    """The tuple that `get_state` gives, which is all that old pickles have."""
    rng = used(np.random.RandomState(7))
    return [rng.get_state()] + ([rng.get_state(legacy=False)] if hasattr(np.random, 'Generator') else [])


if hasattr(np.random, 'Generator'):
    @case(protocols=(0, 2, 4, 5))
    def random_bits():
        return bit_generators()

    @case(protocols=(2, 4, 5))
    def random_bits_used():
        return Named((name, half_used(bits)) for name, bits in bit_generators().items())

    @case(protocols=(0, 2, 4, 5))
    def random_generators():
        return Named((name, used(np.random.Generator(half_used(bits)))) for name, bits in bit_generators().items())

    @case(protocols=(2, 5))
    def random_generators_shared():
        """Two generators of one source: only NumPy 2 keeps them together."""
        bits = np.random.PCG64(3)
        one, two = np.random.Generator(bits), np.random.Generator(bits)
        return [one, two, bits, one]

    @case(protocols=(2, 4))
    def random_mersenne():
        return [half_used(np.random.MT19937(42)), np.random.Generator(np.random.MT19937(np.random.SeedSequence(5)))]

    @case(protocols=(2, 4))
    def random_state_of_bits():
        """RandomState over another source than its own."""
        return [used(np.random.RandomState(bits)) for bits in bit_generators().values()]

    @case(protocols=(0, 2, 4, 5))
    def random_seeds():
        """Children of a seed, seeds of several numbers, larger pools."""
        parent = np.random.SeedSequence(42)
        children = parent.spawn(2)
        grandchild, = children[1].spawn(1)
        return [parent, children, grandchild, np.random.SeedSequence([1, 2 ** 40, 3]), np.random.SeedSequence(2 ** 100, spawn_key=(4, 5)),
                np.random.SeedSequence(0, pool_size=8), np.random.PCG64(grandchild), np.random.SFC64(np.random.SeedSequence([1, 2]))]

    @case(protocols=(2, 4))
    def random_states_values():
        return Named((name, half_used(bits).state) for name, bits in bit_generators().items())
