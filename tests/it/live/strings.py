"""Texts: `U`, `S` and StringDType of every layout."""
import numpy as np

from told import tell

WORDS = [['', 'a', 'abc'], ['\xe9\u20ac\U0001f600', 'with\0NUL', ' padded ']]


def layouts(array):
    yield 'C order', array
    yield 'F order', np.asfortranarray(array)
    yield 'strided', array[:, ::-2]
    yield 'empty', array[:, :0]
    yield 'no axes', np.array(array[1, 2], array.dtype)
    yield 'permuted', np.stack([array, array]).transpose(1, 0, 2)


def cases(name, array, missing=()):
    for layout, array in layouts(array):
        flat = [None if any(value is m for m in missing) else value for value in array.ravel().tolist()]
        texts = [value.decode() if isinstance(value, bytes) else value for value in flat]
        tell('%s, %s' % (name, layout), array, shape=array.shape, texts=texts)


for order in '<>':
    cases(order + 'U', np.array(WORDS).astype(order + 'U9'))
cases('S', np.array([[word.encode() for word in row] for row in WORDS]))
cases('U0', np.zeros((2, 3), 'U0'))
cases('S0', np.array([['', '', ''], ['', '', '']]).astype('S0'))
tell('a text', np.str_('\xe9t\xe9'), shape=[], texts=['\xe9t\xe9'])
tell('bytes', np.bytes_(b'abc'), shape=[], texts=['abc'])
if hasattr(getattr(np, 'dtypes', None), 'StringDType'):
    make = np.dtypes.StringDType
    cases('StringDType', np.array(WORDS, make()))
    cases('StringDType without coercion', np.array(WORDS, make(coerce=False)))
    for missing in (None, float('nan'), np.nan):
        rows = [[missing, 'a', missing], ['b', '', missing]]
        array = np.array(rows, make(na_object=missing))
        cases('StringDType, %r' % (missing,), array, missing=[missing])
    # A str for missing ones is a text like any other once it is pickled.
    cases('StringDType, text', np.array([['x', 'missing', ''], ['a', 'b', 'missing']], make(na_object='missing')))
