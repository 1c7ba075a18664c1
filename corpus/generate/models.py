"""The classes that the pickles name. No reader ever imports this module."""
from __future__ import print_function
import collections
import sys

import numpy

try:
    import enum
except ImportError:  # Python 2
    enum = None
try:
    import dataclasses
except ImportError:  # before Python 3.7
    dataclasses = None


def activation(x):
    return max(0.0, x)


class Old:
    """An old-style class on Python 2."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class OldWithArgs:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def __getinitargs__(self):
        return self.left, self.right


class Plain(object):
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Outer(object):
    class Inner(object):
        pass


class Slots(object):
    __slots__ = ('left', 'right')

    def __init__(self, left, right):
        self.left, self.right = left, right

    def __getstate__(self):  # what newer protocols do unasked; 0 and 1 refuse __slots__ without it
        return None, {'left': self.left, 'right': self.right}


class SlotsAndDict(Slots):
    """Has a __dict__ as well, so its state is (dict, dict)."""

    def __getstate__(self):
        return self.__dict__, {'left': self.left, 'right': self.right}


class NewArgs(object):
    def __new__(cls, left, right):
        self = object.__new__(cls)
        self.pair = left, right
        return self

    def __getnewargs__(self):
        return self.pair

    def __getstate__(self):
        return {'pair': self.pair}


class NewArgsEx(object):
    def __new__(cls, left, right=None):
        self = object.__new__(cls)
        self.pair = left, right
        return self

    def __getnewargs_ex__(self):
        return (self.pair[0],), {'right': self.pair[1]}

    def __getstate__(self):
        return {'pair': self.pair}


class Stack(list):
    """A list with attributes."""


class Table(dict):
    """A dict with attributes."""


class Everything(object):
    """Reduces to a callable with arguments, list items, dict items and a state."""

    def __init__(self, name, items=(), pairs=()):
        self.name, self.items, self.pairs, self.state = name, list(items), dict(pairs), None

    def __reduce__(self):
        return Everything, (self.name,), self.state, iter(self.items), iter(sorted(self.pairs.items()))

    def append(self, item):
        self.items.append(item)

    def extend(self, items):
        self.items.extend(items)

    def __setitem__(self, key, value):
        self.pairs[key] = value

    def __setstate__(self, state):
        self.state = state


class State(object):
    """Its state is whatever it holds."""

    value = None  # protocols 0 and 1 leave empty states out

    def __init__(self, value):
        self.value = value

    def __getstate__(self):
        return self.value

    def __setstate__(self, value):
        self.value = value


def set_attributes(target, attributes):
    target.__dict__.update(attributes)


class WithSetter(object):
    """Reduces with a sixth item: the pickler writes a call of the setter and pops its result."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __reduce__(self):
        return WithSetter, (), self.__dict__, None, None, set_attributes


class Link(object):
    """Holds a list that may hold the link itself, and is rebuilt from that list: a cycle through arguments."""

    def __init__(self, items):
        self.items = items

    def __reduce__(self):
        return Link, (self.items,)


Point = collections.namedtuple('Point', 'x y')

if enum:
    class Colour(enum.Enum):
        RED = 1
        BLUE = 'b'

    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 2

    class Unit(str, enum.Enum):
        METRE = 'm'

if hasattr(enum, 'Flag'):
    class Access(enum.Flag):
        READ = 1
        WRITE = 2

    class Bits(enum.IntFlag):
        ONE = 1
        TWO = 2

if dataclasses:
    Config = dataclasses.make_dataclass('Config', [('name', str), ('sizes', list, dataclasses.field(default_factory=list))])
    Key = dataclasses.make_dataclass('Key', [('name', str), ('number', int, 0)], frozen=True)
    Config.__module__ = Key.__module__ = __name__


class TrainingError(Exception):
    pass


class Layer(object):
    """An object that a persistent id stands for."""

    def __init__(self, name):
        self.name = name


class Adam(Plain):
    """An optimizer."""


# Stand-ins with the shapes of scikit-learn's and pandas' pickles.

class Estimator(object):
    def __init__(self, **parameters):
        self.__dict__.update(parameters)

    def __getstate__(self):
        return dict(self.__dict__, _version='1.3.2')

    def __setstate__(self, state):
        state.pop('_version')
        self.__dict__.update(state)


class Scaler(Estimator):
    pass


class LogisticRegression(Estimator):
    pass


class Pipeline(Estimator):
    pass


class Tree(object):
    """As sklearn.tree._tree.Tree: arguments with an array, a state dict with a structured one."""

    def __init__(self, features, classes, outputs):
        self.arguments = features, classes, outputs
        self.state = None

    def __reduce__(self):
        return Tree, self.arguments, self.state

    def __setstate__(self, state):
        self.state = state


class Index(object):
    def __init__(self, data, name=None):
        self.data, self.name = data, name

    def __reduce__(self):
        return new_index, (Index, {'data': self.data, 'name': self.name}), None


class RangeIndex(object):
    def __init__(self, start, stop, step, name=None):
        self.start, self.stop, self.step, self.name = start, stop, step, name

    def __reduce__(self):
        return new_index, (RangeIndex, dict(self.__dict__)), None


def new_index(kind, arguments):
    return kind(**arguments)


class BlockManager(object):
    """Its state is a tuple whose last item repeats everything: every array occurs twice, as in pandas 1.x."""

    def __init__(self):
        pass

    def __getstate__(self):
        values = [values for values, _ in self.blocks]
        items = [self.axes[0].data[where] for _, where in self.blocks]
        blocks = [{'values': values, 'mgr_locs': where} for values, where in self.blocks]
        return list(self.axes), values, items, {'0.14.1': {'axes': self.axes, 'blocks': blocks}}

    def __setstate__(self, state):
        inner = state[3]['0.14.1']
        self.axes = inner['axes']
        self.blocks = [(block['values'], block['mgr_locs']) for block in inner['blocks']]


class DataFrame(object):
    def __init__(self, manager):
        self._mgr = manager

    def __getstate__(self):
        return {'_mgr': self._mgr, '_typ': 'dataframe', '_metadata': [], 'attrs': {},
                '_flags': {'allows_duplicate_labels': True}}

    def __setstate__(self, state):
        self._mgr = state['_mgr']


class Tagged(numpy.ndarray):
    """An ndarray subclass that keeps ndarray's own reduce."""


class Quantity(numpy.ndarray):
    """An ndarray subclass with an attribute behind ndarray's state."""

    unit = None

    def __reduce__(self):
        function, arguments, state = numpy.ndarray.__reduce__(self)
        return function, arguments, state + (self.unit,)

    def __setstate__(self, state):
        self.unit = state[-1]
        numpy.ndarray.__setstate__(self, state[:-1])


class Measured(numpy.ndarray):
    """An ndarray subclass whose state is ndarray's and a dict."""

    def __reduce__(self):
        function, arguments, state = numpy.ndarray.__reduce__(self)
        return function, arguments, (state, self.__dict__)

    def __setstate__(self, state):
        self.__dict__.update(state[1])
        numpy.ndarray.__setstate__(self, state[0])


class MaskedTagged(numpy.ma.MaskedArray):
    """A masked array by another name."""


class MaskedQuantity(numpy.ma.MaskedArray):
    """A masked array with an attribute behind the state."""

    unit = None

    def __getstate__(self):
        return numpy.ma.MaskedArray.__getstate__(self) + (self.unit,)

    def __setstate__(self, state):
        self.unit = state[-1]
        numpy.ma.MaskedArray.__setstate__(self, state[:-1])
