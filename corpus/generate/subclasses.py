# -*- coding: utf-8 -*-
"""Subclasses of ndarray: NumPy's own and those of users."""
from __future__ import print_function
import os
import tempfile

import models
import numpy as np
from arrays import Named, collect
from cases import case
from structured import filled, structures


def mapped(raw, *arguments, **options):
    """A memmap pickles its bytes and forgets its file."""
    handle, path = tempfile.mkstemp()
    os.write(handle, raw)
    os.close(handle)
    a = np.memmap(path, *arguments, **options)
    os.remove(path)
    return a


def with_unit(kind):
    a = np.arange(3, dtype='i2').view(kind)
    a.unit = u'm'
    return a


def fields():
    return filled(structures()['mixed'])


SUBCLASSES = Named([
    ('matrix f', lambda: np.matrix(np.asfortranarray(np.arange(6, dtype='i2').reshape(2, 3)))),
    ('matrix swapped', lambda: np.matrix(np.arange(2, dtype='>f4'))),
    ('matrix of objects', lambda: np.matrix([[1, None]], object)),
    ('recarray', lambda: fields().view(np.recarray)),
    ('recarray nested', lambda: filled(structures()['nested']).view(np.recarray)),
    ('recarray titles', lambda: filled(structures()['titles']).view(np.recarray)),
    ('recarray aligned', lambda: filled(structures()['aligned']).view(np.recarray)),
    ('recarray f', lambda: np.asfortranarray(filled(structures()['mixed'], (2, 2))).view(np.recarray)),
    ('recarray 0-d', lambda: filled(structures()['mixed'], ()).view(np.recarray)),
    ('recarray built', lambda: np.rec.fromarrays([np.arange(2, dtype='i4'), np.array([b'ab', b'c'])], names='n,s')),
    ('recarray and its array', lambda: with_view(fields(), np.recarray)),
    ('recarray plain', lambda: np.arange(2, dtype='i2').view(np.recarray)),
    ('record', lambda: fields().view(np.recarray)[0]),
    ('record nested', lambda: filled(structures()['nested']).view(np.recarray)[1]),
    ('record array', lambda: fields().view(np.dtype((np.record, fields().dtype)))),
    ('chararray', lambda: np.char.array([b'ab', b'c'])),
    ('chararray text', lambda: np.char.array([[u'ab', u'\u20ac'], [u'', u'd']])),
    ('chararray f', lambda: np.asfortranarray(np.char.array([[b'ab', b'c'], [b'd', b'']])).view(np.chararray)),
    ('memmap', lambda: mapped(b'\1\0\2\0\3\0', '<i2', 'r', shape=(3,))),
    ('memmap f', lambda: mapped(bytes(bytearray(range(6))), 'u1', 'r+', shape=(2, 3), order='F')),
    ('memmap records', lambda: mapped(bytes(bytearray(range(16))), [('a', '>i2'), ('b', '<f4'), ('c', 'S2')], 'r')),
    ('memmap sliced', lambda: mapped(bytes(bytearray(range(8))), '<i2', 'r')[1:3]),
    ('tagged f', lambda: np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3)).view(models.Tagged)),
    ('tagged objects', lambda: np.array([1, None], object).view(models.Tagged)),
    ('tagged records', lambda: fields().view(models.Tagged)),
    ('quantity', lambda: with_unit(models.Quantity)),
    ('measured', lambda: with_unit(models.Measured)),
])


def with_view(a, kind):
    """They share names and fields, not the dtype."""
    return [a, a.view(kind)]


@case(protocols=(2, 4, 5))
def subclasses_all():
    return collect(SUBCLASSES)
