# -*- coding: utf-8 -*-
"""NumPy scalars beyond the plain ones; those of long doubles, times and objects stand with their arrays."""
from __future__ import print_function

import numpy as np
from arrays import SPELLINGS, Named
from cases import case
from structured import filled, is_reducible, structures


@case(protocols=(2, 4))
def scalars_structured():
    found = Named((name, filled(dtype)[1]) for name, dtype in structures().items())
    return Named((name, scalar) for name, scalar in found.items() if is_reducible(scalar))


@case(protocols=SPELLINGS)
def scalars_text():
    """Trailing NULs belong to the padding, others to the text."""
    text = np.dtype('U').type
    return [np.bytes_(b'a\0b'), np.bytes_(b'\0a'), np.bytes_(b''), np.bytes_(b'\xff' * 3), text(u'a\0b'), text(u'\0a'), text(u''),
            text(u'\u20ac\U0001f600'), np.array([b'a'], 'S5')[0], np.array([u'a'], 'U5')[0], np.array([u'\xe9'], '>U5')[0],
            np.void(b'a\0'), np.zeros(1, 'V3')[0]]


@case(protocols=SPELLINGS)
def scalars_numbers():
    """By every name that C has for them, two of which are one size."""
    found = [np.dtype(code).type(1) for code in '?bBhHiIlLqQefdFDpP']
    return found + [np.float16('-inf'), np.float64('nan'), np.complex64(complex(0, -1)), np.uint64(2 ** 64 - 1), np.int64(-2 ** 63)]
