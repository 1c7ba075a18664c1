"""Long doubles of this machine as Python floats, numbers cast to bool, and the small numbers of ml_dtypes.

    python casts.py long | bool | small
"""
import struct
import sys
import warnings

import numpy as np

from told import tell

warnings.simplefilter('ignore')


def bits(value):
    """A float as the hex of its bits; any NaN is one."""
    value = float(value)
    return 'nan' if value != value else struct.pack('>d', value).hex()


def long_doubles():
    one = np.longdouble(1)
    texts = ['0', '-0', '1', '-1', '1.5', '0.1', '3.14159265358979323846', '1e300', '1e-300', '1.7976931348623157e308', '1.797693134862315808e308',
             '1e309', '-1e4000', '1e-320', '4.9406564584124654e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '1e-330', '-1e-4900',
             '1e-4940', 'inf', '-inf', 'nan', '2.2250738585072014e-308', '2.2250738585072009e-308', '123456789012345678901234567890']
    values = [np.longdouble(text) for text in texts]
    for exponent in (-1080, -1074, -1060, -1022, -60, 0, 60, 1000, 1023):
        for tail in (1, 2, 3, 1024, 1025, 2047, 2048, 3072, 2 ** 62, 2 ** 62 + 1):
            values.append(np.ldexp(one + np.ldexp(np.longdouble(tail), -63), exponent))
    return np.array(values)


def clean(array):
    """Zeros in the padding of x86, which holds what was in memory before: beside the largest and smallest numbers it misleads."""
    if np.finfo('g').nmant == 63 and np.dtype('g').itemsize == 16:
        raw = array.view('u1').reshape(-1, 16)
        raw[:, :6 if array.dtype.byteorder == '>' else 0] = 0
        raw[:, 16 if array.dtype.byteorder == '>' else 10:] = 0
    return array


def tell_long():
    values = clean(long_doubles())
    wide = values.astype(np.clongdouble)
    wide.imag = values[::-1]
    for array, name in [(values, 'long doubles'), (wide, 'complex')]:
        for order in '<>':
            ordered = clean(array.astype(array.dtype.newbyteorder(order)))
            tell('%s %s' % (order, name), ordered, real=[bits(v) for v in array.real], imag=[bits(v) for v in array.imag])
    for scalar in map(np.longdouble, values):
        if np.isfinite(scalar) and not 2.0 ** -200 < abs(scalar) < 2.0 ** 200:
            continue
        tell(repr(scalar), scalar, real=[bits(scalar)], imag=[bits(0)])
    # x86 leaves in the padding what was in memory before: mostly doubles, whose exponent looks like that of binary128.
    if np.finfo('g').nmant == 63 and values.itemsize == 16:
        doubles = np.random.RandomState(1).uniform(0.1, 10, 12)
        for name, numbers in [('zeros', [0] * 12), ('one of zeros', [0] * 11 + [1]), ('numbers', range(12)), ('one', [0.1])]:
            dirty = np.repeat(doubles[:len(numbers)], 2).view('g')
            raw = dirty.view('u1').reshape(-1, 16)
            raw[:, :10] = np.array(numbers, 'g').view('u1').reshape(-1, 16)[:, :10]
            tell('padding, ' + name, dirty, real=[bits(v) for v in dirty], imag=[bits(0) for _ in dirty])
    tell('F order', np.asfortranarray(values[:24].reshape(4, 6)), real=[bits(v) for v in values[:24]], imag=[bits(0)] * 24)


def tell_bool():
    for code in ['?', 'i1', '>i4', '<u8', '<f2', '>f4', '<f8', '<c8', '>c16', 'g', 'G']:
        values = np.array([0, 1, 2, 0]).astype(code)
        if values.dtype.kind in 'fc':
            values[1:] = [0.25, float('nan'), -0.0]
        if values.dtype.kind == 'c':
            values = np.append(values, np.array([1j, -0.5j, 0j]).astype(code))
        tell(code, values, bools=values.astype(bool).tolist())


def tell_small():
    import ml_dtypes
    names = [name for name in dir(ml_dtypes) if isinstance(getattr(ml_dtypes, name), type) and issubclass(getattr(ml_dtypes, name), np.generic)]
    for name in sorted(names):
        dtype = np.dtype(getattr(ml_dtypes, name))
        if dtype.itemsize == 1:
            array = np.arange(256, dtype='u1').view(dtype)
        elif dtype.itemsize == 2:
            array = np.arange(65536, dtype='u2').view(dtype)
        else:
            halves = np.arange(0, 65536, 7, dtype='u2')
            array = np.stack([halves, halves[::-1]], axis=1).reshape(-1).view(dtype)
        wide = array.astype(complex if dtype.itemsize == 4 else float)
        facts = {'type': name, 'str': dtype.str, 'itemsize': dtype.itemsize}
        tell(name, array, real=[bits(v) for v in wide.real], imag=[bits(v) for v in wide.imag], **facts)
        tell(name + ', F order', np.asfortranarray(array[:6].reshape(2, 3)), real=[bits(v) for v in wide.real[:6]],
             imag=[bits(v) for v in wide.imag[:6]], **facts)
        tell(name + ', a scalar', array[1], real=[bits(wide.real[1])], imag=[bits(wide.imag[1])], **facts)


{'long': tell_long, 'bool': tell_bool, 'small': tell_small}[sys.argv[1]]()
