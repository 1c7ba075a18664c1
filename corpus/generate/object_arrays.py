# -*- coding: utf-8 -*-
"""Arrays of objects: lists in C order, whatever the flag says."""
from __future__ import print_function

import models
import numpy as np
from arrays import SPELLINGS, Named, collect, read_only
from cases import case


def of(*values):
    a = np.empty(len(values), object)
    for i, value in enumerate(values):
        a[i] = value
    return a


def matrix():
    return of(1, u'two', None, 4.5, b'five', (6,)).reshape(2, 3)


def alone(value):
    """An array without axes, whatever it holds."""
    return of(value).reshape(())


def shared():
    item, inner = [1, 2], of(u'x', None)
    return [of(item, item, inner), inner, of(inner, item)]


OBJECT_ARRAYS = Named([
    ('values', lambda: of(None, True, 1, 2 ** 70, 1.5, 1 - 2j, u'\u20ac', b'\xff', (), [1], {u'k': 2})),
    ('none', lambda: of(None, None)),
    ('c', matrix),
    ('f', lambda: np.asfortranarray(matrix())),
    ('permuted', lambda: of(*range(12)).reshape(2, 3, 2).transpose(0, 2, 1)),
    ('strided', lambda: matrix()[:, ::2]),
    ('0-d', lambda: alone(u'x')),
    ('0-d none', lambda: alone(None)),
    ('0-d list', lambda: alone([1, 2])),
    ('0-d array', lambda: alone(np.arange(2, dtype='i2'))),
    ('empty', lambda: np.zeros(0, object)),
    ('empty 2-d', lambda: np.zeros((2, 0, 3), object)),
    ('read-only', lambda: read_only(of(1, 2))),
    ('nested', lambda: of(of(of(1, np.arange(2, dtype='i2')), np.float32(1.5)), [np.arange(3, dtype='u1')], {u'k': of(None)})),
    ('ragged', lambda: of(np.arange(1, dtype='i2'), np.arange(2, dtype='i2'), np.arange(0, dtype='i2'))),
    ('kinds', lambda: of(np.ma.array([1, 2], 'i2', mask=[0, 1]), np.matrix([[1]], 'i2'), np.dtype('>i2'), np.datetime64(1, 's'),
                         models.Plain(w=np.ones(1, 'u1')))),
    ('shared', shared),
])


@case(protocols=SPELLINGS)
def object_arrays():
    return collect(OBJECT_ARRAYS)


@case(protocols=SPELLINGS)
def object_array_holds_itself():
    """Directly, through a list, through another array."""
    a, b = of(1, None, None, None), of(None, u'b')
    a[1], a[2], a[3], b[0] = a, [a], b, a
    return a


@case(protocols=(2, 4))
def object_array_in_object():
    """The array is met inside of the object that it holds."""
    value = models.Plain(name=u'owner')
    value.parts = of(value, value.name)
    return value
