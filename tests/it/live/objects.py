"""Arrays of Python objects: in every layout, with fields, masked, and one that holds itself."""
import numpy as np

from told import tell


def filled(shape, dtype=object):
    array = np.empty(shape, dtype)
    for n, index in enumerate(np.ndindex(*shape)):
        array[index] = [n, 'text %d' % n, None][n % 3]
    return array


def told(array):
    """The elements as JSON has them; an array inside is told as its name."""
    def plain(value):
        if isinstance(value, tuple):
            return [plain(part) for part in value]
        return 'ndarray' if isinstance(value, np.ndarray) else value
    return [plain(value) for value in np.asarray(array).ravel().tolist()]


def case(name, array):
    tell(name, array, shape=np.shape(array), elements=told(array))


case('C order', filled((2, 3)))
case('F order', np.asfortranarray(filled((2, 3))))
case('permuted', filled((2, 3, 4)).transpose(0, 2, 1))
case('strided', filled((4, 3))[::-2, 1:])
case('no axes', np.array(None, object))
case('a text and no axes', np.array('text', object))
case('empty', filled((0, 3)))
case('shared', np.array([['a']] * 2 + [[1]], object))
own = filled((3,))
own[1] = own
tell('holds itself', own, shape=[3], elements=[0, 'ndarray', None])
inside = filled((2,))
inside[1] = np.arange(3)
case('holds an array', inside)
FIELDS = [('x', 'i4'), ('o', 'O'), ('in', [('p', 'O'), ('f', 'f8')])]
rows = np.array([(1, 'a', (None, 0.5)), (2, None, ('b', 1.5))], FIELDS)
case('fields', rows)
case('fields in F order', np.asfortranarray(np.stack([rows, rows])))
case('no rows', rows[:0])
case('one row', np.array(rows[0], FIELDS))
case('a scalar', rows[1])
case('a record', rows.view(np.recarray)[0])
case('subarray of objects', np.array([([1, 'a'],), ([None, 2],)], [('x', 'O', (2,))]))
