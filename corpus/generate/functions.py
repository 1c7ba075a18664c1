"""What NumPy has besides arrays: ufuncs, functions, polynomials, indices, exceptions."""
from __future__ import print_function

import numpy as np
from arrays import SPELLINGS, Named, collect
from cases import case


@case(protocols=SPELLINGS)
def ufuncs():
    return [np.add, np.sin, np.logaddexp, np.divide, np.isnan]


@case(protocols=SPELLINGS)
def numpy_functions():
    return [np.mean, np.array, np.concatenate, np.zeros, np.linalg.norm, np.where, np.dot]


POLYNOMIALS = Named((name, lambda name=name: getattr(np.polynomial, name)([1.5, 0, -2]))
                    for name in ['Polynomial', 'Chebyshev', 'Legendre', 'Laguerre', 'Hermite', 'HermiteE'])
POLYNOMIALS['of an interval'] = lambda: np.polynomial.Polynomial([1, 2j], domain=[0, 10], window=[-2, 2])
POLYNOMIALS['named'] = lambda: np.polynomial.Chebyshev([1.0], symbol='t')


@case(protocols=(2, 4, 5))
def polynomials():
    return collect(POLYNOMIALS)


@case(protocols=SPELLINGS)
def poly1d():
    return [np.poly1d([1.0, 2.0]), np.poly1d([1, 0, 2], variable='t')]


@case(protocols=SPELLINGS, since=(3, 4))
def indices():
    """Plain slices and Ellipsis; `newaxis` is None."""
    return [np.index_exp[1, ..., 2:], np.s_[::2], np.newaxis, np.index_exp[np.arange(2, dtype='i2'), None]]


@case(protocols=(0, 2, 4))
def numpy_others():
    """Exceptions, limits of integers, and the mark of a missing argument."""
    errors = getattr(np, 'exceptions', np)
    found = [np.linalg.LinAlgError('singular'), np.iinfo('i2'), np.ma.MaskError('mask')]
    found += [errors.AxisError(3, 2)] if hasattr(errors, 'AxisError') else []
    return found + ([np._NoValue] if hasattr(np, '_NoValue') else [])
