# -*- coding: utf-8 -*-
"""Masked arrays: data, mask and fill value in one state."""
from __future__ import print_function

import models
import numpy as np
from arrays import SPELLINGS, Named, collect, read_only
from cases import NUMPY, case
from numpy.ma import mrecords

array = np.ma.array
FIELDS = [('a', '<i4'), ('in', [('x', '>f4'), ('m', '<i2', (2,))])]


def records():
    return array([(1, (2.0, (3, 4))), (5, (6.0, (7, 8)))], FIELDS, mask=[(0, (1, (0, 1))), (1, (0, (1, 0)))])


def times():
    return np.array([0, 1, 2], 'i8').view('M8[D]')


def objects(**options):
    return array(np.array([1, None, u'x'], object), mask=[0, 1, 0], **options)


def with_unit():
    a = models.MaskedQuantity([1.5, 2.5], mask=[0, 1])
    a.unit = u'm'
    return a


MASKED = Named([
    ('no mask', lambda: array([1, 2], 'i2')),
    ('nothing masked', lambda: array([1, 2], 'i2', mask=[0, 0])),
    ('all masked', lambda: array([1, 2], 'i2', mask=True)),
    ('hard', lambda: array([1.5, 2.5], 'f4', mask=[0, 1], hard_mask=True)),
    ('fill int', lambda: array([1, 2], '<u8', mask=[1, 0], fill_value=2 ** 63)),
    ('fill nan', lambda: array([1, 2], 'f4', mask=[1, 0], fill_value=np.nan)),
    ('fill complex', lambda: array([1, 2j], 'c8', mask=[1, 0], fill_value=1 - 1j)),
    ('fill bool', lambda: array([True, False], mask=[1, 0], fill_value=True)),
    ('fill bytes', lambda: array([b'ab', b'c'], mask=[1, 0], fill_value=b'z')),
    ('fill text', lambda: array([u'ab', u'\u20ac'], mask=[1, 0], fill_value=u'N/A')),
    ('fill asked for', lambda: defaulted(array([1, 2], 'i4', mask=[1, 0]))),
    ('fill too large', lambda: defaulted(array([1, 2], 'i2', mask=[1, 0]))),
    ('fill time', lambda: array(times(), mask=[0, 1, 0], fill_value=np.datetime64('2000-01-01', 'D'))),
    ('fill records', lambda: array([(1, (2.0,))], [('a', '<i4'), ('in', [('x', '>f4')])], mask=[(0, (1,))], fill_value=(9, (8.0,)))),
    ('swapped', lambda: array(np.arange(3, dtype='>i4'), mask=[0, 1, 0])),
    ('swapped fill', lambda: array(np.arange(3, dtype='>f8'), mask=[0, 1, 0], fill_value=-1.5)),
    ('f', lambda: array(np.asfortranarray(np.arange(6, dtype='i2').reshape(2, 3)), mask=[[0, 1, 0], [0, 0, 1]], fill_value=5)),
    ('permuted', lambda: array(np.arange(24, dtype='u1'), mask=np.arange(24) % 5 == 0).reshape(2, 3, 4).transpose(0, 2, 1)),
    ('strided', lambda: array(np.arange(6), 'i2', mask=[0, 1, 0, 0, 1, 1])[::2]),
    ('0-d', lambda: array(1.5, 'f4', mask=True)),
    ('0-d no mask', lambda: array(1.5, 'f4')),
    ('empty', lambda: array(np.zeros((0, 2), 'i2'), mask=np.zeros((0, 2), '?'))),
    ('read-only', lambda: array(read_only(np.arange(2, dtype='i2')), mask=[0, 1])),
    ('times', lambda: array(times(), mask=[0, 1, 0])),
    ('spans', lambda: array(times().view('m8[D]'), mask=[0, 1, 0])),
    ('raw', lambda: array(np.array([b'abc', b'xyz']).view('V3'), mask=[0, 1])),
    ('records', records),
    ('records no mask', lambda: array(records().data)),
    ('records f', lambda: array(np.zeros((2, 2), [('a', 'u1'), ('b', '<i2')], 'F'), mask=[[(0, 1), (1, 0)], [(1, 1), (0, 0)]])),
    ('element', lambda: records()[1]),
    ('element no mask', lambda: array(records().data)[0]),
    ('record array', lambda: mrecords.fromarrays([np.arange(2), np.arange(2) * 1.5], dtype=[('a', '<i8'), ('b', '<f8')])),
    ('matrix', lambda: array(np.matrix([[1, 2]]), mask=[[0, 1]])),
    ('subclass', with_unit),
    ('subclass plain', lambda: array([1, 2], 'i2', mask=[0, 1]).view(models.MaskedTagged)),
    ('long double', lambda: array(np.zeros(2, 'g'), mask=[0, 1])),
    ('constant', lambda: np.ma.masked),
    ('no mask at all', lambda: np.ma.nomask),
])

# NumPy 1.11 writes addresses.
OBJECTS = Named([
    ('objects', objects),
    ('fill object', lambda: objects(fill_value=u'?')),
    ('fill none', lambda: objects(fill_value=None)),
    ('arrays', lambda: array(nested(), mask=[0, 1])),
    ('f', lambda: array(np.asfortranarray(np.array([[1, u'two'], [None, 4]], object)), mask=[[0, 1], [0, 0]])),
    ('records', lambda: array([(1, u'q'), (2, None)], [('a', '<i4'), ('o', 'O')], mask=[(0, 1), (0, 0)])),
    ('element', lambda: array([(1, u'q'), (2, None)], [('a', '<i4'), ('o', 'O')], mask=[(0, 1), (0, 0)])[0]),
])


def defaulted(a):
    """The default fill value is stored once somebody has looked at it: 999999, an int64 whatever the array is."""
    repr(a.fill_value)
    return a


def nested():
    a = np.empty(2, object)
    a[0], a[1] = np.arange(2, dtype='i2'), u'x'
    return a


@case(protocols=(2, 4, 5))
def masked_arrays():
    return collect(MASKED)


if NUMPY > (1, 11):
    @case(protocols=SPELLINGS)
    def masked_objects():
        return collect(OBJECTS)
