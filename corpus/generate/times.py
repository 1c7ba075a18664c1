"""datetime64 and timedelta64: every unit, counts, NaT, metadata, byte orders."""
from __future__ import print_function

import numpy as np
from arrays import SPELLINGS, Named, collect, read_only
from cases import NUMPY, case

UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as']
NAT = np.iinfo('i8').min


def times(dtype, values=(0, -1, 1234567, NAT)):
    dtype = np.dtype(dtype)
    return np.array(values, dtype.byteorder + 'i8').view(dtype)


def unless_old(a):
    """NumPy 1.11 cannot load the generic unit that it writes."""
    if NUMPY < (1, 12):
        raise ValueError
    return a


TIMES = Named([
    ('25 s', lambda: times('M8[25s]')),
    ('7 D', lambda: times('m8[7D]')),
    ('100 ns', lambda: times('M8[100ns]')),
    ('3 M', lambda: times('m8[3M]')),
    ('generic', lambda: unless_old(times('M8', [NAT, NAT]))),
    ('generic span', lambda: unless_old(times('m8'))),
    ('swapped', lambda: times('>M8[us]')),
    ('swapped span', lambda: times('>m8[15m]')),
    ('swapped generic', lambda: unless_old(times('>m8'))),
    ('metadata', lambda: times(np.dtype('M8[s]', metadata={'zone': 'UTC'}))),
    ('metadata span', lambda: times(np.dtype('m8[ms]', metadata={'k': [1, None]}))),
    ('metadata swapped', lambda: times(np.dtype('>M8[D]', metadata={'k': 1}))),
    ('0-d', lambda: np.array(np.datetime64('2020-02-29', 'D'))),
    ('f', lambda: np.asfortranarray(times('M8[h]', range(6)).reshape(2, 3))),
    ('strided', lambda: times('m8[ns]', range(6))[::2]),
    ('empty', lambda: np.zeros((0, 2), 'M8[ns]')),
    ('read-only', lambda: read_only(times('M8[ns]'))),
    ('field', lambda: np.array([(1, 2), (3, NAT)], [('at', 'i8'), ('for', 'i8')]).view([('at', 'M8[ns]'), ('for', 'm8[s]')])),
    ('field swapped', lambda: np.array([(1, 2)], [('at', '>i8'), ('n', '<i2')]).view([('at', '>M8[5us]'), ('n', '<i2')])),
    ('field metadata', lambda: np.zeros(1, [('at', np.dtype('M8[s]', metadata={'k': 1})), ('n', 'u1')])),
    ('subarray', lambda: np.zeros(2, [('span', 'M8[D]', (2,))])),
])


@case(protocols=(2, 4))
def times_units():
    return Named((code + unit, times('%s8[%s]' % (code, unit))) for code in 'Mm' for unit in UNITS)


@case(protocols=SPELLINGS)
def times_uncommon():
    return collect(TIMES)


@case(protocols=(2, 4))
def times_scalars():
    """Scalars own their dtype: each has another one."""
    found = [np.datetime64(5, unit) for unit in UNITS] + [np.timedelta64(-5, unit) for unit in UNITS]
    generic = [np.datetime64('NaT'), np.timedelta64('NaT'), np.timedelta64(7)] if NUMPY > (1, 11) else []
    return found + generic + [np.datetime64('NaT', 'ns'), times('M8[25s]')[2], times('>M8[us]')[2]]


@case(protocols=(0, 4))
def times_dtypes():
    found = [np.dtype('%s8[%s]' % (code, unit)) for code in 'Mm' for unit in UNITS]
    generic = ['M8', 'm8', '>M8'] if NUMPY > (1, 11) else []
    return found + [np.dtype(code) for code in generic + ['M8[25s]', '>m8[100ns]']] + [a.dtype for a in collect(TIMES).values()]
