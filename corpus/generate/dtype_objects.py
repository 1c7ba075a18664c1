"""Dtypes by themselves, their classes, and the types of scalars."""
from __future__ import print_function

import numpy as np
from arrays import SPELLINGS, ml_dtypes
from cases import NUMPY, case

LETTERS = '?bBhHiIlLqQefdgFDGSUVOMm'


@case(protocols=SPELLINGS)
def dtypes_letters():
    """`l` and `q` are two objects of one spelling."""
    letters = LETTERS if NUMPY > (1, 11) else LETTERS[:-2]  # it cannot load the generic unit that it writes
    return [np.dtype(code) for code in letters] + [np.dtype(code).newbyteorder('>') for code in letters]


@case(protocols=SPELLINGS)
def dtypes_compound():
    """Sizes, subarrays, metadata; a dtype and what it is made of."""
    inner = np.dtype([('x', '>i2'), ('y', 'O')], align=True)
    outer = np.dtype([('in', inner), ('also', inner, (2,))])
    found = [np.dtype(code) for code in ('S5', 'U5', '>U5', 'V3', 'S0', 'U0', 'V0')]
    found += [np.dtype(spec) for spec in [('<f8', (2, 3)), ('>f8', (1,)), ('<i2', (2, 0)), (inner, (2,)), ('S2', (2,)), ('O', (2,))]]
    found += [np.dtype((np.dtype(('<f8', (2,))), (3,))), np.dtype([]), np.dtype([], align=True), np.dtype((np.record, [('a', 'u1')]))]
    found += [np.dtype('<f8', metadata={'unit': 'm'}), np.dtype('<f8', metadata={}), np.dtype('S3', metadata={'k': (1, None)})]
    return found + [outer, inner, outer, np.dtype('f8'), np.dtype('f8')]


@case(protocols=SPELLINGS)
def dtype_classes():
    """By name from NumPy 1.25 on, a call in 1.20 to 1.24, `numpy.dtype` before."""
    found = [type(np.dtype(code)) for code in LETTERS] + [np.dtype, type(np.dtype([('a', 'i1')]))]
    names = sorted(getattr(np.dtypes, '__all__', [])) if hasattr(np, 'dtypes') else []
    return found + [getattr(np.dtypes, name) for name in names] + ([type(np.dtype(ml_dtypes.bfloat16))] if ml_dtypes else [])


@case(protocols=SPELLINGS)
def scalar_types():
    """The abstract ones too."""
    names = ['generic', 'number', 'integer', 'signedinteger', 'unsignedinteger', 'inexact', 'floating', 'complexfloating', 'flexible',
             'character']
    found = [np.dtype(code).type for code in LETTERS]
    found = [kind for kind in found if getattr(np, kind.__name__, None) is kind]  # Python 2 has two int64, and pickles one
    return found + [getattr(np, name) for name in names] + [np.record, np.ndarray]
