"""Arrays as the classes and the pickling functions of other packages spell them. A row is what `arrays` is to find: its path, its
kind, the array as NumPy has it, and a mask."""
import builtins
import sys
import types

import numpy as np

from told import array_told, tell


class Prefixed(np.ndarray):
    """As in unyt: something of its own, then the array's state."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, (('cm', None),) + state

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state[1:])


class Second(np.ndarray):
    """The array's state is the second of two."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, ('x', state)

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state[1])


class Entry(np.ndarray):
    """The array's state is an entry of a dict."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, {'unit': 'cm', 'nd': state}

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state['nd'])


class InList(np.ndarray):
    """The array's state is a list."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, ['x', 1, list(state)]

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, tuple(state[2]))


class Masked(np.ma.MaskedArray):
    """A masked array with something of its own in front and behind."""
    def __reduce__(self):
        made, args, state = np.ma.MaskedArray.__reduce__(self)
        return made, args, ('m',) + state + (None,)

    def __setstate__(self, state):
        np.ma.MaskedArray.__setstate__(self, state[1:-1])


class Column(np.ndarray):
    """As in astropy: the array's state, then a tuple of attributes, among them arrays."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, state + ((self.name, self.meta),)

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state[:-1])


class MaskedColumn(np.ma.MaskedArray):
    """As in astropy: that of a masked array."""
    def __reduce__(self):
        made, args, state = np.ma.MaskedArray.__reduce__(self)
        return made, args, state + ((self.name, self.meta),)

    def __setstate__(self, state):
        np.ma.MaskedArray.__setstate__(self, state[:-1])


class Quantity(np.ndarray):
    """As in astropy: the array's state and the attributes."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, (state, self.__dict__)

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state[0])
        self.__dict__.update(state[1])


class Attributes(np.ndarray):
    """The attributes in a dict that has the array's state as well."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return made, args, {'nd': state, **self.__dict__}

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state.pop('nd'))
        self.__dict__.update(state)


class Based(np.ndarray):
    """As in quantities: made by a function of its own."""
    def __reduce__(self):
        made, args, state = np.ndarray.__reduce__(self)
        return based, (type(self), np.ndarray, (0,), 'b'), state + (self.unit,)

    def __setstate__(self, state):
        np.ndarray.__setstate__(self, state[:-1])


def based(cls, base, shape, letter):
    return np.ndarray.__new__(base, shape, letter).view(cls)


class Handed:
    """Pickled as an array is by dill, or by jax with something behind the state."""
    def __init__(self, array, *behind):
        self.array, self.behind = array, behind

    def __reduce__(self):
        made, args, state = self.array.__reduce__()
        return handed, (made, args, state, *self.behind)


def handed(made, args, state, *behind):
    array = made(*args)
    array.__setstate__(state)
    return array


class Call:
    """Pickled as a call."""
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call[0], self.call[1:]

    def __call__(self):
        raise NotImplementedError('what is pickled is not called')


class Spelled:
    """Pickled as what `__reduce__` gives."""
    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


def _load_type(name):
    """How dill names types of Python's own."""
    return getattr(builtins, name)


def row(path, kind, array):
    mask = np.ma.getmaskarray(array).tobytes().hex() if kind == 'masked' else None
    return {'path': path, 'kind': kind, 'mask': mask, **array_told(np.ma.getdata(array))}


def cases():
    """Names, values and the rows of each."""
    grid = np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3))
    for cls in [Prefixed, Second, Entry, InList]:
        for name, array in [('floats', np.arange(3.)), ('a grid', grid), ('nothing', np.zeros((2, 0), 'f4')), ('no axes', np.array(7))]:
            array = array.view(cls)
            yield '%s: %s' % (cls.__name__, name), array, [row('', 'subclass', array)]
    array = np.ma.array([1., 2.], mask=[0, 1]).view(Masked)
    yield 'Masked', array, [row('', 'masked', array)], ['.state[0]', '.state[8]']
    yield from attributes()
    yield from other_functions(grid)
    yield from metadata()
    yield from calls()
    yield from types_of_dill()


def attributes():
    first, second = np.arange(3), np.ma.array([1., 2.], mask=[0, 1], fill_value=5.)
    for cls, kind, value, name in [(Column, 'subclass', np.arange(2.), '.state[5]'), (MaskedColumn, 'masked', second, '.state[7]')]:
        array = value.view(cls)
        array.name, array.meta = 'a', {'x': first, 'y': second}
        rows = [row(name + "[1]['x']", 'ndarray', first), row(name + "[1]['y']", 'masked', second)]
        yield cls.__name__, array, [row('', kind, array)] + rows, [name]
    for cls, names, beside in [(Quantity, ".state[1]['%s']", ['.state[1]']), (Attributes, '.%s', ['.unit', '.x', '.none'])]:
        array = np.arange(2.).view(cls)
        array.unit, array.x, array.none = 'cm', first, None
        yield cls.__name__, array, [row('', 'subclass', array), row(names % 'x', 'ndarray', first)], beside
    array = np.array([None, first, 'a'], object).view(Column)
    array.name, array.meta = first, [second]
    rows = [row('.flat[1]', 'ndarray', first), row('.state[5][1][0]', 'masked', second)]
    yield 'Column of objects', array, [objects('', 'subclass', array)] + rows, ['.state[5]']
    # A fill value that is somebody else's, too, is an array of its own there.
    filled = np.ma.array([1., 2.], mask=[0, 1], fill_value=5.)
    yield 'a fill value', [filled, filled._fill_value], [row('[0]', 'masked', filled), row('[1]', 'ndarray', filled._fill_value)]


def other_functions(grid):
    first = np.arange(3)
    masked = np.ma.array([1., 2.], mask=[0, 1])
    based_array = np.arange(4.).view(Based)
    based_array.unit = first
    inner = row('.state[5]', 'ndarray', first)
    yield 'Based', based_array, [row('', 'subclass', based_array), inner], ['.state[5]']
    for kind, array in [('ndarray', np.arange(3.)), ('ndarray', grid), ('ndarray', np.zeros(0)), ('matrix', np.matrix([[1, 2]])),
                        ('masked', masked)]:
        yield 'Handed: %s' % array.dtype, Handed(array), [row('', kind, array)], []
        rows = [row('', kind, array), row(".args[3]['x']", 'ndarray', first)]
        yield 'Handed with attributes: %s' % array.dtype, Handed(array, {'x': first}, None), rows, ['.args[3]', '.args[4]']
    based_array.unit = 'cm'
    yield 'Handed: Based', Handed(based_array), [row('', 'subclass', based_array)], ['.args[2][5]']
    array = np.array([first, None], object)
    behind = np.ones(2)
    rows = [objects('', 'ndarray', array), row('.flat[0]', 'ndarray', first), row('.args[3]', 'ndarray', behind)]
    yield 'Handed: objects', Handed(array, behind), rows, ['.args[3]']


def metadata():
    first = np.arange(3)
    for code in ['f4', 'M8[s]']:
        array = np.zeros(3, np.dtype(code, metadata={'k': first}))
        step = '[0]' if code == 'M8[s]' else ''
        # Other arrays of the protocol 5 have their dtype among the arguments.
        for place in ['.state[2]', '.args[1]']:
            path = place + '.state[8]' + step
            yield 'metadata of %s at %s' % (code, place), array, [row('', 'ndarray', array), row(path + "['k']", 'ndarray', first)], [path]


def calls():
    """What NumPy takes but does not write itself."""
    scalar = np.float64(0).__reduce__()[0]
    for name, code, data in [('long bytes', 'f8', bytes(range(250, 256)) * 3), ('an odd text', '<u2', b'\xff\x01\xfe'),
                             ('a long string', 'S5000', b'\xc3a' * 3000)]:
        call = Call(scalar, np.dtype(code), data)
        yield 'a scalar of ' + name, call, [row('', 'scalar', call.call[0](*call.call[1:]))]
    made = np.zeros(0).__reduce__()[0]
    for cls, kind, letter in [(np.ndarray, 'ndarray', b'b'), (np.ndarray, 'ndarray', '<f4'), (np.matrix, 'matrix', b'd'), (Column, 'subclass', b'b')]:
        array = made(np.ndarray, (0,), letter)
        yield 'without a state: %s of %r' % (kind, letter), Call(made, cls, (0,), letter), [row('', kind, array)]


def types_of_dill():
    """Empty bytes as dill and `pickle.py` beside it spell them below protocol 3."""
    dill = types.ModuleType('dill._dill')
    dill._load_type = _load_type
    sys.modules.update({'dill': types.ModuleType('dill'), 'dill._dill': dill})
    _load_type.__module__ = 'dill._dill'
    array = np.zeros((2, 0))
    made, args, state = array.__reduce__()
    empty = Call(Call(_load_type, 'bytes'))
    yield 'empty bytes of dill', Spelled(made, args, state[:-1] + (empty,)), [row('', 'ndarray', array)]
    yield 'empty bytes, handed', Spelled(handed, (made, args, state[:-1] + (empty,), None)), [row('', 'ndarray', array)]


def objects(path, kind, array):
    return {'path': path, 'kind': kind, 'mask': None, 'objects': array.size}


for name, value, rows, *beside in cases():
    tell(name, value, rows=rows, beside=beside[0] if beside else None)
