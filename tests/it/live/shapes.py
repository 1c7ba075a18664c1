"""Shapes and classes: as many dimensions as NumPy has, subclasses that add to the state, a state after others."""
import numpy as np

from told import array_told, tell


class Around(np.ndarray):
    """The array's state in a tuple with the attributes."""
    def __reduce__(self):
        make, args, state = super().__reduce__()
        return make, args, (state, {'unit': 'm'})

    def __setstate__(self, state):
        super().__setstate__(state[0])


class Behind(np.ndarray):
    """Attributes behind the array's state."""
    def __reduce__(self):
        make, args, state = super().__reduce__()
        return make, args, state + ('m',)

    def __setstate__(self, state):
        super().__setstate__(state[:-1])


class Plain(np.ndarray):
    pass


def tell_array(name, array, **facts):
    tell(name, array, kind='subclass' if type(array) in (Around, Behind, Plain) else type(array).__name__, **dict(array_told(array), **facts))


def most_axes():
    """64; 32 in NumPy 1, and in 2.0 where the elements are to be put into another order."""
    try:
        return len(np.ones((2, 2) + (1,) * 62).swapaxes(0, 1).tobytes()) * 2
    except (RuntimeError, ValueError):
        return 32


for axes in (31, most_axes()):
    tell_array('%d axes' % axes, np.arange(4, dtype='i2').reshape((2,) + (1,) * (axes - 2) + (2,)))
    tell_array('%d axes in F order' % axes, np.asfortranarray(np.arange(8, dtype='>i4').reshape((2,) * 3 + (1,) * (axes - 3))))
    permuted = np.arange(24, dtype='i4').reshape((2, 3, 4) + (1,) * (axes - 3)).transpose([1, 0, 2] + list(range(3, axes)))
    tell_array('%d axes permuted' % axes, permuted)
    tell_array('%d axes and no element' % axes, np.zeros((0,) * axes))
for kind in (Around, Behind, Plain):
    for array in (np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3)), np.array(5), np.zeros((0, 2))):
        tell_array('%s %s' % (kind.__name__, array.shape), array.view(kind))
tell_array('matrix', np.asmatrix([[1, 2], [3, 4]]))
tell_array('chararray', np.char.array(['ab', 'c']))
