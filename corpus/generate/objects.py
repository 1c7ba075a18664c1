"""Instances: every way in which a class may tell its pickle."""
from __future__ import print_function
import array
import collections
import datetime
import decimal
import fractions
import functools
import operator
import types
import uuid

import models
from cases import PY2, case

try:
    import pathlib
except ImportError:  # Python 2
    pathlib = None


@case(pure=5, optimize=True, dis=True)
def plain_object():
    return models.Plain(name=u'conv1', width=3)


@case()
def objects_alike():
    """The class and the attribute names come from the memo the second time."""
    return [models.Plain(name=u'a', width=1), models.Plain(name=u'b', width=2), models.Plain()]


@case(pure=5, dis=True)
def old_style():
    """INST and OBJ on Python 2."""
    return [models.Old(name=u'x'), models.OldWithArgs(1, u'two'), models.Old()]


@case(pure=5)
def slots():
    return [models.Slots(1, u'two'), models.Slots([], None)]


@case()
def slots_and_dict():
    value = models.SlotsAndDict(1, 2)
    value.extra = 3
    return value


@case(protocols=(2, 3, 4, 5), pure=5)
def new_arguments():
    return models.NewArgs(1, u'two')


@case(protocols=(2, 3, 4, 5), pure=5, since=(3, 4), dis=True)
def new_arguments_keywords():
    """NEWOBJ_EX from protocol 4 on, a functools.partial before."""
    return models.NewArgsEx(1, right=u'two')


@case(pure=5)
def subclasses():
    stack, table = models.Stack([1, 2]), models.Table({u'k': 1})
    stack.limit = table.limit = 9
    return [stack, table, models.Stack([1]), models.Table()]


@case(pure=5, optimize=True, dis=True)
def everything():
    """Arguments, list items, dict items and a state at once."""
    value = models.Everything(u'all', [1, u'i'], {u'a': 1, u'b': [2]})
    value.state = {u'seen': True}
    return value


@case()
def everything_sizes():
    return [models.Everything(u'n', [None] * n, dict((i, None) for i in range(n))) for n in (0, 1, 2, 3)]


@case()
def states():
    """States that are no dict; the empty ones differ in whether Python writes them."""
    return [models.State(v) for v in (5, u'text', [1, 2], (1, 2), (None, {u'slot': 1}), (1, {}), (), [], {}, 0, False, None, {u'k': 1})]


@case(since=(3, 8), pure=5, dis=True)
def state_setter():
    return [models.WithSetter(name=u'x'), models.WithSetter(name=u'y', width=2)]


@case()
def named_tuple():
    return [models.Point(1, 2), models.Point(u'a', None)]


@case(since=(3, 4))
def enums():
    return [models.Colour.RED, models.Colour.BLUE, models.Colour.RED]


@case(since=(3, 6), protocols=(0, 2, 4))
def enums_of_numbers():
    """Flags together are no member; how they are pickled changed with Python 3.11."""
    return [models.Level.HIGH, models.Unit.METRE, models.Access.READ, models.Access.READ | models.Access.WRITE, models.Access(0),
            models.Bits.TWO, models.Bits.ONE | models.Bits.TWO, models.Bits(8)]


@case(since=(3, 7), protocols=(2, 4))
def data_classes():
    return [models.Config(u'a', [1]), models.Config(u'b'), models.Key(u'k', 3), {models.Key(u'x'): None}]


@case(since=(3, 4), protocols=(0, 2, 4))
def paths():
    return [pathlib.PurePosixPath('/data/run 1/weights.pkl'), pathlib.PurePosixPath('.'), pathlib.PureWindowsPath('C:\\data\\x.pkl')]


@case(protocols=(0, 2, 4))
def uuids():
    return [uuid.UUID('12345678-1234-5678-1234-567812345678'), uuid.UUID(int=0)]


@case(protocols=(0, 2, 4))
def numbers_arrays():
    """`array.array`, a call with bytes or, in old protocols, a list."""
    return [array.array('d', [1.5, -0.0]), array.array('b', [-1, 2]), array.array('H', []), array.array('q' if not PY2 else 'l', [1 << 40])]


@case(since=(3, 4), protocols=(0, 2, 4))
def dates_aware():
    """Zones with names and odd offsets, and the ends of the calendar."""
    zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30), u'NST')
    utc = datetime.timezone.utc
    return [datetime.datetime(1999, 12, 31, 1, 2, 3, 4, zone), datetime.time(23, 59, tzinfo=utc), utc, zone,
            datetime.timezone(datetime.timedelta(0)), datetime.datetime.max, datetime.date.min, datetime.timedelta.max,
            datetime.timedelta(0)]


@case(protocols=(0, 2, 4))
def decimals():
    texts = ['0', '-0', '1E+3', '0.000', '-1.5E-400', '123456789012345678901234567890.5', 'NaN', 'sNaN', '-NaN123', 'Infinity']
    return [decimal.Decimal(text) for text in texts] + [fractions.Fraction(0), fractions.Fraction(-1, 1 << 70)]


@case(since=(3, 4), protocols=(0, 2, 4))
def namespaces():
    return [types.SimpleNamespace(lr=0.1, name=u'x'), types.SimpleNamespace(), collections.ChainMap({u'a': 1}, {u'b': 2}),
            collections.UserDict({u'k': 1}), collections.UserList([1, 2])]


@case(since=(3, 5), protocols=(0, 2, 4))
def partials():
    return [functools.partial(models.activation, 1.5), functools.partial(models.Plain, a=1), operator.itemgetter(1, 2),
            operator.attrgetter(u'a.b')]


@case(since=(3, 6), protocols=(2, 4))
def exceptions_more():
    """With attributes, with what they are about, nested."""
    failed = models.TrainingError(u'diverged', 3)
    failed.epoch = 7
    return [failed, KeyError(models.Point(1, 2)), StopIteration(5), SystemExit(2), UnicodeDecodeError(u'utf-8', b'\xff', 0, 1, u'bad'),
            PermissionError(13, 'Permission denied', 'x'), AssertionError(), ValueError(ValueError(u'inner'))]  # noqa: F821


@case()
def dates():
    zone = datetime.datetime(2020, 12, 31, 23, 59, 59, 999999)
    return [zone, datetime.date(2020, 2, 29), datetime.time(1, 2, 3, 4), datetime.timedelta(-1, 2, 3), zone]


@case(since=(3, 6))
def dates_zones():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    return [datetime.datetime(2021, 1, 2, tzinfo=datetime.timezone.utc), datetime.datetime(2021, 1, 2, tzinfo=zone),
            datetime.datetime(2021, 10, 31, 2, 30, fold=1), datetime.time(2, 30, fold=1, tzinfo=zone)]


@case()
def numbers_exact():
    return [decimal.Decimal('1.10'), decimal.Decimal('-Infinity'), fractions.Fraction(-3, 7)]


def layer_name(o):
    return o.name if isinstance(o, models.Layer) else None


@case(persistent_id=layer_name, pure=5, dis=True)
def persistent_ids():
    return {u'layers': [models.Layer('conv1'), models.Layer('dense 2'), models.Layer('conv1')]}


def layer_key(o):
    return ('layer', len(o.name), o.name) if isinstance(o, models.Layer) else None


@case(persistent_id=layer_key, protocols=(1, 2, 3, 4, 5))
def persistent_ids_tuples():
    """As PyTorch does: any value may be an id, except in protocol 0."""
    return [models.Layer('conv1'), models.Layer('dense 2')]


@case(extensions=[('Plain', 0x11), ('Slots', 0x1234), ('Stack', 0x123456), ('activation', 0x7fffffff)], dis=True)
def extension_codes():
    return [models.Plain(k=1), models.Slots(1, 2), models.Stack([1]), models.Plain, models.activation]
