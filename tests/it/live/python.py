"""Everyday objects, pickled by this Python in all protocols, with the C pickler and the pure one, and what they are.

    python python.py                    objects of its own
    python python.py FOLDER CASE...     what cases of the corpus, whose generators are in FOLDER, are in each protocol

A line of JSON per pickle: `{"name", "protocol", "pickle" (base64), "told"}`. What is told is what this Python loads from the
pickle, not what was pickled: protocols below 4 lose the fold of a time, for example. Runs on Python 2.7 too.
"""
from __future__ import print_function
import base64
import collections
import datetime
import decimal
import fractions
import json
import pickle
import sys
import uuid

PY2 = sys.version_info[0] == 2
if PY2:
    import cPickle
    PICKLERS = [('C', cPickle.dumps), ('pure', pickle.dumps)]
    TEXT, INTS, RANGE, ERRORS = unicode, (int, long), xrange, 'exceptions'  # noqa: F821
else:
    import enum
    import pathlib
    import types
    PICKLERS = [('C', pickle.dumps), ('pure', pickle._dumps)]
    TEXT, INTS, RANGE, ERRORS = str, (int,), range, 'builtins'
try:
    import zoneinfo
except ImportError:  # below Python 3.9
    zoneinfo = None
try:
    import dataclasses
except ImportError:  # below Python 3.7
    dataclasses = None


class Old:
    """An old-style class on Python 2."""


class OldWithArgs:
    def __init__(self, left):
        self.left = left

    def __getinitargs__(self):
        return (self.left,)


class Plain(object):
    pass


class Slots(object):
    __slots__ = ('left', 'right')

    def __getstate__(self):
        return None, {'left': self.left, 'right': self.right}

    def __setstate__(self, state):
        for name, value in state[1].items():
            setattr(self, name, value)


class SlotsAndDict(Slots):
    def __getstate__(self):
        return self.__dict__, {'left': self.left, 'right': self.right}

    def __setstate__(self, state):
        self.__dict__.update(state[0])
        Slots.__setstate__(self, state)


class Keywords(object):
    def __new__(cls, left, right=None):
        self = object.__new__(cls)
        self.pair = left, right
        return self

    def __getnewargs_ex__(self):
        return (self.pair[0],), {'right': self.pair[1]}


class Stack(list):
    pass


class Table(dict):
    pass


class Numbers(tuple):
    pass


class Zone(datetime.tzinfo):
    def utcoffset(self, moment):
        return datetime.timedelta(hours=1)

    def dst(self, moment):
        return None

    def __reduce__(self):
        return Zone, ()


class Failure(Exception):
    pass


class Outer(object):
    class Inner(object):
        pass


Point = collections.namedtuple('Point', 'x y')

if not PY2:
    class Colour(enum.Enum):
        RED = 1
        BLUE = 'b'

    class Mode(enum.Flag):
        READ = 1
        WRITE = 2

    class Level(enum.IntEnum):
        LOW = 10

if dataclasses:
    Layer = dataclasses.make_dataclass('Layer', [('width', int), ('name', str, 'conv')])
    Layer.__module__ = __name__


def filled(value, **attributes):
    for name, attribute in attributes.items():
        setattr(value, name, attribute)
    return value


def cases():
    date, time, moment, delta = datetime.date, datetime.time, datetime.datetime, datetime.timedelta
    yield 'complex', [1.5 - 2j, 0j, 3j, complex(-0.0, 1), complex(1e16, 1e-7), complex(float('inf'), -float('inf')), complex(1, -0.0)]
    yield 'decimal', [decimal.Decimal(s) for s in ('1.10', '-0', '1E+30', 'Infinity', '-Infinity', 'NaN', 'sNaN12', '123456789' * 9)]
    yield 'fraction', [fractions.Fraction(-1, 3), fractions.Fraction(4, 2), fractions.Fraction(3 ** 90, 2 ** 99), fractions.Fraction(0)]
    yield 'date', [date(2020, 2, 29), date(1, 1, 1), date(9999, 12, 31)]
    yield 'time', [time(1, 2, 3, 4), time(), time(23, 59, 59, 999999)]
    yield 'datetime', [moment(2020, 12, 31, 23, 59, 59, 999999), moment(1970, 1, 1), moment(2021, 6, 1, 12, 30)]
    yield 'delta', [delta(-1, 2, 3), delta(1, 2), delta(2), delta(0), delta(microseconds=-1), delta.max, delta.min]
    yield 'zone of a user', [moment(2021, 1, 2, tzinfo=Zone()), time(1, tzinfo=Zone())]
    yield 'range', [RANGE(3), RANGE(1, 10, 2), RANGE(10, 0, -3), RANGE(5, 5), RANGE(-2 ** 31, 2 ** 31 - 1)]
    yield 'slice', [slice(1, 2, None), slice(None), slice(-1, None, -1)]
    yield 'deque', [collections.deque(), collections.deque([1, u'a']), collections.deque([1, 2, 3], 2), collections.deque([], 0)]
    yield 'ordered dict', [collections.OrderedDict(), collections.OrderedDict([(u'z', 1), (u'a', [2]), (3, None)])]
    yield 'default dict', [collections.defaultdict(), collections.defaultdict(list, {u'k': [1], 2: []}), collections.defaultdict(Plain)]
    yield 'counter', [collections.Counter(), collections.Counter(u'abracadabra')]
    yield 'dict', {u'a': 1, (1, 2.5): None, None: True, 2 ** 70: {}}
    yield 'set', [set(), {1, u'x'}, frozenset(), frozenset([(1, 2), 3]), {frozenset([7])}]
    yield 'bytes', [b'', b'x', b'caf\xe9', bytes(bytearray(range(256))), b'\xff' * 5000]
    yield 'bytearray', [bytearray(), bytearray(b'x'), bytearray(range(256)), bytearray(b'\xe9' * 5000)]
    yield 'uuid', [uuid.UUID(int=0), uuid.UUID(int=5), uuid.UUID('12345678-1234-5678-1234-567812345678'), uuid.UUID(int=2 ** 128 - 1)]
    yield 'exception', [ValueError(u'x'), KeyError(1, 2), filled(RuntimeError(), note=u'n'), Failure(u'diverged')]
    yield 'instance', [filled(Plain(), name=u'conv', width=3), Plain(), filled(Old(), a=1)]
    yield 'old', OldWithArgs(7)
    yield 'slots', [filled(Slots(), left=1, right=[2]), filled(SlotsAndDict(), left=1, right=2, extra=3)]
    yield 'named tuple', [Point(1, u'b'), Point([], Point(1, 2))]
    yield 'subclass', [filled(Stack([1, 2]), limit=9), filled(Table({u'k': 1}), limit=9), Numbers([1, 2]), Stack()]
    if PY2:
        return
    utc, cet = datetime.timezone.utc, datetime.timezone(delta(hours=2))
    named = datetime.timezone(-delta(hours=5, minutes=30), 'Here')
    odd = datetime.timezone(delta(hours=1, seconds=2)) if sys.version_info >= (3, 7) else utc
    yield 'zone', [utc, cet, named, odd, datetime.timezone(-delta(minutes=1))]
    yield 'aware', [moment(2021, 1, 2, tzinfo=utc), moment(2021, 1, 2, 3, 4, 5, 6, cet), time(1, tzinfo=odd), moment(2021, 1, 2, tzinfo=named)]
    yield 'fold', [moment(2021, 10, 31, 2, 30, fold=1), time(2, 30, fold=1, tzinfo=cet), moment(2021, 10, 31, 2, 30, tzinfo=utc, fold=1)]
    yield 'huge range', [range(10 ** 30), range(0, 10 ** 30, 10 ** 29), range(10 ** 30, 0, -(10 ** 15)), range(2 ** 64), range(2 ** 64 - 1)]
    yield 'singleton', [Ellipsis, NotImplemented, type(None), type(Ellipsis), type(NotImplemented)]
    yield 'enum', [Colour.RED, Colour.BLUE, Mode.READ, Mode.READ | Mode.WRITE, Level.LOW]
    yield 'nested class', [Outer.Inner, filled(Outer.Inner(), x=1)]
    yield 'method', [bytes.fromhex, 'x'.upper]
    yield 'keywords', Keywords(1, right='two')
    yield 'namespace', types.SimpleNamespace(a=1, b=[2])
    yield 'posix', [pathlib.PurePosixPath(*parts) for parts in (
        (), ('/',), ('/a/b',), ('a/../b', 'c'), ('//a',), ('///a',), ('a//b/./c/',), ('a', '/b'), ('.',), ('c:', 'd'), ('caf\xe9', ''))]
    yield 'windows', [pathlib.PureWindowsPath(*parts) for parts in (
        (), ('C:\\x\\y',), ('c:x/y',), ('//server/share/y',), ('C:/', 'D:/x'), ('C:/a', '/b'), ('C:a', 'c:b'), ('a', 'b\\c'), ('\\a',),
        ('//server/share', 'x'), ('C:',), ('C:/',), ('//server/share',), ('x/', '.'), ('C:a', 'D:b'))]
    yield 'this path', pathlib.Path('data/x')
    if dataclasses:
        yield 'dataclass', Layer(3)
    if zoneinfo:
        key = zoneinfo.ZoneInfo('Europe/Berlin')
        yield 'zone key', [key, moment(2021, 7, 1, tzinfo=key), time(1, 2, tzinfo=key), zoneinfo.ZoneInfo.no_cache('UTC')]


class Teller(object):
    """Tells what a value is, in JSON."""

    def __init__(self, protocol):
        self.protocol = protocol

    def all(self, values):
        return [self.tell(value) for value in values]

    def pairs(self, pairs):
        """Sorted, because dicts of older Pythons are not."""
        return sorted((self.all(pair) for pair in pairs), key=json.dumps)

    def attributes(self, value):
        found = dict(getattr(value, '__dict__', {}))
        for name in getattr(type(value), '__slots__', ()) or getattr(type(value).__base__, '__slots__', ()):
            found[name] = getattr(value, name)
        return dict((name, self.tell(value)) for name, value in found.items())

    def tell(self, value):
        kind = type(value)
        if value is None or kind is bool:
            return value
        tellers = {TEXT: 'text', float: 'float', complex: 'complex', bytearray: 'bytearray', dict: 'dict', slice: 'slice', RANGE: 'range'}
        if kind in INTS:
            return {'int': '%d' % value}
        if kind in tellers:
            return getattr(self, 'tell_' + tellers[kind])(value)
        if kind is bytes:
            return {'bytes': base64.b16encode(value).decode()}
        if kind in (list, tuple):
            return {kind.__name__: self.all(value)}
        if kind in (set, frozenset):
            return {kind.__name__: sorted(self.all(value), key=json.dumps)}
        if kind.__module__ in ('collections', 'datetime', 'decimal', 'fractions', 'uuid', 'zoneinfo', '_decimal'):
            return getattr(self, 'tell_' + kind.__name__)(value)
        if not PY2 and isinstance(value, pathlib.PurePath):
            return {'path': [kind.__name__, str(value)] + list(value.parts)}
        if value is Ellipsis or value is NotImplemented or value in (type(None), type(Ellipsis), type(NotImplemented)):
            return {'constant': str(value)}
        if isinstance(value, type):
            return self.tell_class(value)
        return self.tell_object(value)

    def tell_text(self, value):
        return {'text': value}

    def tell_float(self, value):
        return {'float': repr(value)}

    def tell_complex(self, value):
        return {'complex': [repr(value.real), repr(value.imag), repr(value)]}

    def tell_bytearray(self, value):
        return {'bytearray': base64.b16encode(bytes(value)).decode()}

    def tell_dict(self, value):
        return {'dict': self.pairs(value.items())}

    def tell_slice(self, value):
        return {'slice': str(value), 'parts': self.all([value.start, value.stop, value.step])}

    def tell_range(self, value):
        start, stop, step = value.__reduce__()[1]
        count = (stop - start + step - (1 if step > 0 else -1)) // step
        count = max(count, 0) if count < 2 ** 64 else None
        # `str` of Python 2 leaves the start out too.
        text = 'range(%d, %d%s)' % (start, stop, ', %d' % step if step != 1 else '') if PY2 else str(value)
        return {'range': text, 'parts': ['%d' % n for n in (start, stop, step)], 'count': count}

    def tell_Decimal(self, value):
        return {'decimal': str(value)}

    def tell_Fraction(self, value):
        return {'fraction': [str(value), '%d' % value.numerator, '%d' % value.denominator]}

    def tell_UUID(self, value):
        return {'uuid': [str(value), '%d' % value.int]}

    def tell_date(self, value):
        return {'date': [str(value), value.year, value.month, value.day]}

    def clock(self, value):
        return [value.hour, value.minute, value.second, value.microsecond, getattr(value, 'fold', 0)]

    def zoned(self, value):
        """The text, with what this crate has for offsets that are not in the pickle."""
        zone = value.tzinfo
        if zone is None or not PY2 and type(zone) is datetime.timezone:
            return str(value)
        name = zone.key if zoneinfo and isinstance(zone, zoneinfo.ZoneInfo) else '%s.%s' % (Zone.__module__, Zone.__name__)
        return '%s[%s]' % (value.replace(tzinfo=None), name)

    def tell_time(self, value):
        return {'time': [self.zoned(value)] + self.clock(value), 'zone': self.tell(value.tzinfo)}

    def tell_datetime(self, value):
        date = [value.year, value.month, value.day]
        return {'datetime': [self.zoned(value)] + date + self.clock(value), 'zone': self.tell(value.tzinfo)}

    def tell_timedelta(self, value):
        return {'delta': [str(value), value.days, value.seconds, value.microseconds]}

    def tell_timezone(self, value):
        return {'fixed': [str(value)] + self.all(value.__getinitargs__())}

    def tell_ZoneInfo(self, value):
        return {'key': value.key}

    def tell_deque(self, value):
        return {'deque': self.all(value), 'maxlen': value.maxlen}

    def tell_OrderedDict(self, value):
        return {'OrderedDict': [self.all(pair) for pair in value.items()]}

    def tell_defaultdict(self, value):
        factory = value.default_factory
        return {'defaultdict': self.pairs(value.items()), 'factory': factory and self.tell(factory)}

    def tell_class(self, value):
        name = value.__name__ if PY2 else value.__qualname__
        if self.protocol < 4 and '.' in name:
            return {'attribute': value.__name__, 'of': self.tell(getattr(sys.modules[value.__module__], name.split('.')[0]))}
        # Protocols below 3 have Python 2's names.
        module = '__builtin__' if self.protocol < 3 and value.__module__ == 'builtins' else value.__module__
        if module == '__builtin__' and name == 'int' and not PY2:
            name = 'long'
        return {'class': '%s.%s' % (module, name)}

    def tell_Counter(self, value):
        return {'Counter': self.pairs(value.items())}

    def tell_object(self, value):
        """By what the class has the pickler write."""
        kind = type(value)
        name = getattr(kind, '__qualname__', kind.__name__)
        if isinstance(value, (Old, OldWithArgs)) and PY2:
            name = value.__class__.__name__
        attributes = self.attributes(value) if not hasattr(value, '_fields') else {}
        if isinstance(value, tuple):
            # A namedtuple has its fields as arguments from protocol 2 on, other tuples all in one.
            args = list(value) if hasattr(value, '_fields') or self.protocol < 2 else [tuple(value)]
            return {'instance': name, 'args': self.all(args), 'attributes': attributes}
        if isinstance(value, BaseException):
            what = 'exception' if kind.__module__ == ERRORS else 'call'
            return {what: name, 'args': self.all(value.args), 'attributes': attributes}
        if isinstance(value, (list, dict)):
            content = {'entries': self.pairs(value.items())} if isinstance(value, dict) else {'items': self.all(value)}
            return dict(content, instance=name, args=[], attributes=attributes)
        if not isinstance(value, (Old, OldWithArgs)):
            parts = value.__reduce_ex__(self.protocol)
            if parts[0] is getattr:
                return {'attribute': parts[1][1], 'of': self.tell(parts[1][0])}
            if isinstance(value, Zone):
                return {'call': name, 'args': [], 'attributes': {}}
            if not PY2 and isinstance(value, (enum.Enum, types.SimpleNamespace)):
                return {'call': name, 'args': self.all(parts[1]), 'attributes': {} if isinstance(value, enum.Enum) else attributes}
        args = []
        if PY2 and hasattr(value, '__getinitargs__'):
            args = value.__getinitargs__()
        elif self.protocol >= 2 and hasattr(value, '__getnewargs_ex__'):
            args = value.__getnewargs_ex__()[0]
        elif self.protocol >= 2 and hasattr(value, '__getnewargs__'):
            args = value.__getnewargs__()
        return {'instance': name, 'args': self.all(args), 'attributes': attributes}


def tell(name, value, picklers):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for pickler, dumps in picklers:
            data = dumps(value, protocol)
            told = Teller(protocol).tell(pickle.loads(data))
            print(json.dumps({
                'name': '%s, protocol %d, %s' % (name, protocol, pickler), 'case': name, 'protocol': protocol,
                'pickle': base64.b64encode(data).decode(), 'told': told}))


def main():
    if len(sys.argv) == 1:
        for name, value in cases():
            tell(name, value, PICKLERS)
        return
    sys.path.insert(0, sys.argv[1])
    import cases as corpus
    import objects
    import values
    assert objects and values
    wanted = dict((case.name, case) for case in corpus.CASES)
    for name in sys.argv[2:]:
        tell(name, wanted[name].build(), PICKLERS[:1])


main()
