# -*- coding: utf-8 -*-
"""Element types that came late or from elsewhere, and arrays of many axes."""
from __future__ import print_function

import numpy as np
from arrays import SPELLINGS, Named, alone, collect, long_doubles, ml_dtypes, read_only
from cases import CASES, Case, case
from structured import filled

LONG_DOUBLES = Named([
    ('long double', long_doubles),
    ('long double swapped', lambda: long_doubles().byteswap().view('>g')),
    ('long complex', lambda: long_doubles().view('G')),
    ('long complex swapped', lambda: long_doubles().view('G').byteswap().view('>G')),
    ('0-d', lambda: long_doubles()[1:].reshape(())),
    ('f', lambda: np.asfortranarray(long_doubles().reshape(1, 2))),
    ('strided', lambda: long_doubles()[::-1]),
    ('half', lambda: np.array([1.5, -0.0, 65504, 6e-8, np.inf], 'f2')),
    ('half swapped', lambda: np.array([1.5, -0.0, 65504, 6e-8, np.inf], '>f2')),
])


@case(protocols=SPELLINGS)
def long_double_arrays():
    return collect(LONG_DOUBLES)


@case(protocols=SPELLINGS)
def long_double_scalars():
    return [long_doubles()[0], long_doubles().view('G')[0], long_doubles().byteswap().view('>g')[1]]


def strings(values, **options):
    return np.array(values, np.dtypes.StringDType(**options))


LONG = u'more than fits into the element itself'

STRINGS = Named([
    ('strings', lambda: strings([u'abc', u'', u'\u20ac\U0001f600', LONG, u'a\0b'])),
    ('na none', lambda: strings([u'abc', None, LONG], na_object=None)),
    ('na nan', lambda: strings([u'abc', np.nan], na_object=np.nan)),
    ('na text', lambda: strings([u'abc', u'missing'], na_object=u'missing')),
    ('not coerced', lambda: strings([u'abc'], coerce=False)),
    ('not coerced na', lambda: strings([u'abc', None], coerce=False, na_object=None)),
    ('f', lambda: np.asfortranarray(strings([[u'a', u'b', u'c'], [u'd', u'e', u'f']]))),
    ('0-d', lambda: strings(u'alone')),
    ('empty', lambda: strings([])),
    ('empty 2-d', lambda: strings([]).reshape(2, 0)),
    ('strided', lambda: strings([u'a', u'b', u'c'])[::2]),
    ('read-only', lambda: read_only(strings([u'a']))),
])

if hasattr(getattr(np, 'dtypes', None), 'StringDType'):
    @case(protocols=SPELLINGS, buffers=True)
    def string_arrays():
        return collect(STRINGS)

    @case(protocols=SPELLINGS)
    def string_dtypes():
        return [a.dtype for a in collect(STRINGS).values()] + [np.dtypes.StringDType]


def user_types():
    """The types of this ml_dtypes by name."""
    found = [(name, getattr(ml_dtypes, name)) for name in sorted(dir(ml_dtypes))]
    return Named((name, kind) for name, kind in found if isinstance(kind, type) and issubclass(kind, np.generic))


def user_array(kind):
    """Integers from bytes, since `astype` of ml_dtypes 0.2 leaves garbage in the bits that int4 has no use for."""
    return np.array([1, 0, 1, 1], 'u1').view(kind) if 'int' in kind.__name__ else np.array([1, 0, 1, 1]).astype(kind)


if ml_dtypes:
    @case(protocols=SPELLINGS)
    def user_arrays():
        return Named((name, user_array(kind)) for name, kind in user_types().items())

    @case(protocols=SPELLINGS)
    def user_scalars():
        return Named((name, user_array(kind)[0]) for name, kind in user_types().items())

    @case(protocols=SPELLINGS)
    def user_dtypes():
        return [np.dtype(kind) for kind in user_types().values()] + list(user_types().values())

    @case(protocols=(2, 5))
    def user_layouts():
        a = user_array(ml_dtypes.bfloat16)
        fields = filled(np.dtype([('w', ml_dtypes.bfloat16), ('q', ml_dtypes.float8_e5m2, (3,))]))
        small = user_array(ml_dtypes.float8_e4m3fn)
        return [fields, fields[0], a.reshape(2, 2).T, a[::2], a[0:1].reshape(()), a[:0], small.reshape(2, 2).T]


for axes in (32, 64):
    def many_axes(axes=axes):
        return np.arange(2, dtype='i2').reshape((1,) * (axes - 1) + (2,))

    if axes == 32 or np.lib.NumpyVersion(np.__version__) >= '2.0.0':
        alone('axes_%d' % axes, many_axes)
        CASES.append(Case(lambda many_axes=many_axes: np.asfortranarray(np.concatenate([many_axes(), many_axes()])), 'axes_%d_f' % axes,
                          protocols=(2, 5), edges=True))
