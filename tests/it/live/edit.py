"""Model states and edits of them.

    python edit.py make SEED COUNT      tells cases, each a line of JSON
    python edit.py check FILE           loads what Rust made of the same cases, and compares; prints what differs

The first line of `make` tells the versions. A case is `{"name", "protocol", "before", "others": [hex], "steps", "after"}`: `after` is
what this Python pickles once it has followed the steps itself; `exact` where the bytes must be the same. A step is `[operation, path, argument...]`. A path is a list of keys,
indexes and `{"attribute": name}`; a value is `[kind, argument...]`.
"""
import collections
import json
import pickle
import platform
import random
import sys

import numpy as np


class Layer:
    def __init__(self, **state):
        self.__dict__.update(state)


class Slotted:
    __slots__ = ('left', 'right')


class Both(Slotted):
    pass


shapes = type(sys)('shapes')
sys.modules['shapes'] = shapes
for cls in (Layer, Slotted, Both):
    cls.__module__ = 'shapes'
    setattr(shapes, cls.__name__, cls)


# ---- the edits, as Python makes them

def at(value, path):
    for step in path:
        value = getattr(value, step['attribute']) if isinstance(step, dict) else value[step]
    return value


def make(value, root, others):
    kind, rest = value[0], value[1:]
    if kind == 'none':
        return None
    if kind in ('int', 'bool', 'float'):
        return rest[0]
    if kind == 'str':
        return sys.intern(rest[0])
    if kind == 'bytes':
        return bytes.fromhex(rest[0])
    if kind in ('list', 'tuple'):
        items = [make(item, root, others) for item in rest[0]]
        return items if kind == 'list' else tuple(items)
    if kind in ('dict', 'ordered'):
        pairs = [(make(key, root, others), make(item, root, others)) for key, item in rest[0]]
        return dict(pairs) if kind == 'dict' else collections.OrderedDict(pairs)
    if kind == 'layer':
        return Layer(**{sys.intern(name): make(item, root, others) for name, item in rest[0]})
    if kind == 'array':
        dtype, shape, raw = rest
        return np.frombuffer(bytes.fromhex(raw), np.dtype(dtype)).reshape(shape).copy()
    if kind == 'node':
        return at(root, rest[0])
    if kind == 'import':
        return at(others[rest[0]], rest[1])
    raise ValueError(kind)


def replaced(value, old, new, done):
    """The value with `new` in all places of `old`; containers are changed, tuples made anew."""
    if value is old:
        return new
    if id(value) in done:
        return done[id(value)][0]
    done[id(value)] = (value, value)
    again = lambda item: replaced(item, old, new, done)
    if isinstance(value, tuple):
        items = [again(item) for item in value]
        if any(a is not b for a, b in zip(items, value)):
            done[id(value)] = (tuple(items), value)
        return done[id(value)][0]
    if isinstance(value, list):
        value[:] = [again(item) for item in value]
    elif isinstance(value, dict):
        for key in value:
            value[key] = again(value[key])
    elif isinstance(value, (Layer, Slotted)):
        for name in names(value):
            setattr(value, name, again(getattr(value, name)))
    return value


def names(value):
    slots = [name for name in Slotted.__slots__ if hasattr(value, name)] if isinstance(value, Slotted) else []
    return list(getattr(value, '__dict__', {})) + slots


def rekeyed(pairs, key, new):
    return [(sys.intern(new) if found == key else found, value) for found, value in pairs]


def follow(root, steps, others):
    for operation, path, *rest in steps:
        value = lambda: make(rest[-1], root, others)
        target = at(root, path)
        if operation == 'set':
            target[sys.intern(rest[0]) if isinstance(rest[0], str) else rest[0]] = value()
        elif operation == 'remove':
            del target[rest[0]]
        elif operation == 'rename':
            pairs = rekeyed(list(target.items()), *rest)
            target.clear()
            target.update(pairs)
        elif operation == 'push':
            target.append(value())
        elif operation == 'add':
            target.add(value())
        elif operation == 'insert':
            target.insert(rest[0], value())
        elif operation == 'set_item' and isinstance(target, tuple):
            n = rest[0]
            root = replaced(root, target, target[:n] + (value(),) + target[n + 1:], {})
        elif operation == 'set_item':
            target[rest[0]] = value()
        elif operation == 'remove_item':
            del target[rest[0]]
        elif operation == 'set_attribute':
            setattr(target, sys.intern(rest[0]), value())
        elif operation == 'set_state':
            target.__dict__ = value()
        elif operation == 'replace':
            root = replaced(root, target, value(), {})
        elif operation == 'set_root':
            root = value()
        else:
            raise ValueError(operation)
    return root


# ---- states

WORDS = ['weight', 'bias', 'conv.0.weight', 'scale', 'lr', 'epoch', 'betas', 'history', 'gamma', 'inner', 'norm', 'layers']
NEW = ['added', 'running_mean', 'new.key', 'momentum', 'weight', 'second']
DTYPES = ['<f8', '<f4', '<i8', '<i4', '|u1', '|b1', '>f8', '<c16', '<f2', '<M8[s]', '<U3']


class Maker:
    def __init__(self, seed, protocol):
        self.random = random.Random(seed)
        # Slots without `__getstate__` are pickled from protocol 2 on.
        self.has_slots = protocol >= 2
        self.dtypes = DTYPES

    def array(self):
        r = self.random
        dtype = np.dtype(r.choice(self.dtypes))
        shape = r.choice([(), (3,), (2, 3), (0,), (4, 1, 2)])
        size = int(np.prod(shape, dtype=int))
        raw = bytes(r.randrange(2) if dtype.kind == 'b' else r.randrange(100) for _ in range(size * dtype.itemsize))
        if dtype.kind == 'U':
            raw = np.array(['ab', 'c', 'xyz'][:1] * size, dtype).tobytes()
        return ['array', dtype.str, list(shape), raw.hex()]

    def atom(self):
        r = self.random
        return r.choice([['int', r.randrange(-5, 70000)], ['float', r.randrange(10**6) / 1024], ['none'], ['bool', r.random() < 0.5], ['int', 2**40],
                         ['bytes', bytes(r.randrange(256) for _ in range(r.choice([0, 1, 5]))).hex()]])

    def value(self, depth=0):
        """A value that is made of nothing that is there."""
        r = self.random
        kind = r.randrange(8 if depth < 3 else 3)
        if kind == 0:
            return self.atom()
        if kind < 3:
            return self.array()
        if kind == 3:
            return ['list', [self.value(depth + 1) for _ in range(r.randrange(4))]]
        if kind == 4:
            return ['tuple', [self.value(depth + 1) for _ in range(r.randrange(1, 4))]]
        keys = r.sample(WORDS, r.randrange(4))
        if kind == 5:
            return ['ordered', [[['str', key], self.value(depth + 1)] for key in keys]]
        if kind == 6:
            return ['layer', [[key.replace('.', '_'), self.value(depth + 1)] for key in keys]]
        return ['dict', [[['str', key], self.value(depth + 1)] for key in keys]]

    def model(self):
        r = self.random
        shared, slotted, both = make(self.array(), None, None), Slotted(), Both()
        slotted.left = shared
        both.left, both.extra = [1, shared], make(self.array(), None, None)
        slots = [slotted, both] if self.has_slots else []
        state = {sys.intern(word): make(self.value(), None, None) for word in r.sample(WORDS, 5)}
        state['a pair'] = (shared, {'deep': [shared, None]})
        state['instances'] = slots + [Layer(weight=shared, parts=[])]
        state['ordered'] = collections.OrderedDict([('first', 1), ('second', shared), ('third', np.float32(2.5))])
        state['itself'] = [state] if r.random() < 0.3 else None
        state['many'] = {'k%d' % n: n for n in range(40)}
        return state


def places(root):
    """Paths of what can be changed, and of everything else."""
    found, seen, queue = [], set(), [([], root)]
    while queue:
        path, value = queue.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        found.append((path, value))
        if isinstance(value, (list, tuple)):
            queue += [(path + [n], item) for n, item in enumerate(value)]
        elif isinstance(value, dict):
            queue += [(path + [key], item) for key, item in value.items()]
        elif isinstance(value, (Layer, Slotted)):
            queue += [(path + [{'attribute': name}], getattr(value, name)) for name in names(value)]
    return found


def steps(maker, root, others):
    """Random edits of a value, which is changed as they are found."""
    r, made = maker.random, []
    for _ in range(r.randrange(1, 7)):
        found = places(root)

        def new():
            kind = r.randrange(5)
            if kind == 0:
                return ['node', r.choice(found)[0]]
            if kind == 1 and others:
                n = r.randrange(len(others))
                return ['import', n, r.choice(places(others[n]))[0]]
            return maker.value(1)
        path, target = r.choice(found)
        is_array = isinstance(target, np.ndarray)
        if is_array or (r.random() < 0.1 and path and not isinstance(target, (int, float, type(None), bytes, tuple))):
            value = new() if r.random() < 0.3 else maker.array()
            if value[0] != 'node':
                step = ['replace', path, value]
            else:
                continue
        elif isinstance(target, dict):
            keys = list(target)
            operation = r.choice(['set', 'set', 'remove', 'rename'])
            if operation == 'set':
                step = ['set', path, r.choice(NEW + keys + [7]), new()]
            elif not keys:
                continue
            elif operation == 'remove':
                step = ['remove', path, r.choice(keys)]
            else:
                key = r.choice([key for key in keys if isinstance(key, str)] or [None])
                name = r.choice(NEW)
                if key is None or name in target:
                    continue
                step = ['rename', path, key, name]
        elif isinstance(target, list):
            operation = r.choice(['push', 'insert', 'set_item', 'remove_item'])
            if operation == 'push':
                step = ['push', path, new()]
            elif operation == 'insert':
                step = ['insert', path, r.randrange(len(target) + 1), new()]
            elif not target:
                continue
            elif operation == 'set_item':
                step = ['set_item', path, r.randrange(len(target)), new()]
            else:
                step = ['remove_item', path, r.randrange(len(target))]
        elif isinstance(target, Layer) and r.random() < 0.2:
            step = ['set_state', path, ['dict', [[['str', 'fresh'], new()]]]]
        elif isinstance(target, Layer):
            step = ['set_attribute', path, r.choice(['weight', 'added', 'bias']), new()]
        elif type(target) is Both:
            step = ['set_attribute', path, r.choice(['left', 'extra', 'added']), new()]
        else:
            continue
        root = follow(root, [step], others)
        made.append(step)
    return made


def case(name, protocol, before, steps, others=()):
    told = {'name': name, 'protocol': protocol, 'others': [raw.hex() for raw in others], 'steps': steps}
    value = before()
    told['before'] = pickle.dumps(value, protocol).hex()
    value = follow(value, steps, [pickle.loads(raw) for raw in others])
    told['after'] = pickle.dumps(value, protocol).hex()
    # Unpickling makes one object of equal names of attributes, which importing need not do.
    found = [at(pickle.loads(others[n]), path) for n, path in imports(steps)]
    told['exact'] = all(isinstance(value, np.ndarray) for value in found)
    return told


def imports(step):
    """Where a step, or what it is made of, is imported from."""
    if isinstance(step, list):
        if step[:1] == ['import']:
            yield step[1:]
        for part in step:
            yield from imports(part)


def fixed():
    """Cases by name: how the value is made, the steps, and what is imported from."""
    array = ['array', '<f8', [2], np.array([1.5, -2.0]).tobytes().hex()]

    def state():
        weight = np.arange(6, dtype='f4').reshape(2, 3)
        encoder = Layer(weight=weight, bias=np.zeros(2), name='encoder')
        return {
            'model': collections.OrderedDict([('encoder', encoder), ('tied', weight)]),
            'optimizer': {'lr': 0.1, 'moments': [np.zeros(6), (weight, 3)]},
            'epoch': 7, 'tags': {1}, 'frozen': frozenset([2]),
        }
    path = ['model', 'encoder', {'attribute': 'weight'}]
    other = {'extra': np.ones(3), 'names': ['x', 'yy'], 'layer': Layer(weight=np.arange(3), raw=b'\xff\x00', big=bytearray(b'abc'))}
    other['again'] = other['extra']
    yield 'nothing', state, [], []
    yield 'an array in all its places', state, [['replace', path, array]], []
    yield 'an array in one place', state, [['set', ['model'], 'tied', array]], []
    yield 'an entry', state, [['set', [], 'added', array], ['set', [], 'epoch', ['int', 8]]], []
    yield 'names', state, [['rename', ['model'], 'tied', 'decoder'], ['rename', [], 'epoch', 'step']], []
    yield 'less', state, [['remove', [], 'optimizer'], ['remove', ['model'], 'tied']], []
    yield 'shared now', state, [['set', [], 'copy', ['node', path]], ['set', [], 'epoch', ['node', ['model']]]], []
    yield 'a tuple', state, [['push', ['optimizer', 'moments'], ['tuple', [['node', path], array]]]], []
    yield 'an item of a tuple', state, [['set_item', ['optimizer', 'moments', 1], 1, array]], []
    yield 'attributes', state, [['set_attribute', path[:2], 'bias', array], ['set_attribute', path[:2], 'extra', ['int', 1]]], []
    yield 'a cycle', state, [['push', ['optimizer', 'moments'], ['node', []]]], []
    yield 'members', state, [['add', ['tags'], ['int', 5]]], []
    yield 'the root', state, [['set_root', [], ['list', [['node', path], array]]]], []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        raw = pickle.dumps(other, protocol)
        for name, steps in [
            ('an array', [['set', [], 'new', ['import', 0, ['extra']]]]),
            ('two that are one', [['set', [], 'new', ['import', 0, ['extra']]], ['set', ['model'], 'too', ['import', 0, ['again']]]]),
            ('an instance', [['push', ['optimizer', 'moments'], ['import', 0, ['layer']]]]),
            ('a document', [['set', [], 'new', ['import', 0, []]], ['replace', path, ['import', 0, ['extra']]]]),
        ]:
            yield 'import %s of protocol %d' % (name, protocol), state, steps, [raw]


def cases(seed, count):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for name, before, steps_, others in fixed():
            yield case(name, protocol, before, steps_, others)
    for n in range(count):
        protocols = pickle.HIGHEST_PROTOCOL + 1
        protocol, other_protocol = n % protocols, random.Random(n).randrange(protocols)
        other = Maker('%d other %d' % (seed, n), min(protocol, other_protocol))
        other.dtypes = [dtype for dtype in DTYPES if '>' not in dtype]
        others = [pickle.dumps(other.model(), other_protocol)]
        before = lambda: Maker('%d state %d' % (seed, n), min(protocol, other_protocol)).model()
        found = steps(Maker('%d steps %d' % (seed, n), protocol), before(), [pickle.loads(raw) for raw in others])
        yield case('random %d' % n, protocol, before, found, others)


# ---- what Rust made

def shape(value, numbers, lines):
    """Values as text, and which of them are the same object; iterative, since lists of lists may be deep."""
    queue = [value]
    while queue:
        value = queue.pop()
        if isinstance(value, (int, float, complex, bytes, str, bytearray, type(None), np.generic)):
            lines.append('%s %r' % (type(value).__name__, value))
            continue
        if id(value) in numbers:
            lines.append('#%d' % numbers[id(value)])
            continue
        numbers[id(value)] = len(numbers)
        lines.append(type(value).__name__)
        if isinstance(value, np.ndarray):
            # `_reconstruct` makes numbers of the other order native.
            native = value.astype(value.dtype.newbyteorder('='))
            lines.append('%s %s %s' % (native.dtype, native.shape, native.tobytes().hex()))
        elif isinstance(value, (list, tuple)):
            lines.append(len(value))
            queue += value[::-1]
        elif isinstance(value, (set, frozenset)):
            lines.append(repr(sorted(value, key=repr)))
        elif isinstance(value, dict):
            lines.append(repr(list(value)))
            queue += list(value.values())[::-1]
        else:
            lines.append(repr(names(value)))
            queue += [getattr(value, name) for name in names(value)][::-1]
    return lines


def main():
    if sys.argv[1] == 'make':
        print(json.dumps({'python': platform.python_version(), 'numpy': np.__version__}))
        for found in cases(int(sys.argv[2]), int(sys.argv[3])):
            print(json.dumps(found))
        return
    with open(sys.argv[2]) as file:
        for line in file:
            name, ours, theirs = json.loads(line)
            # What is loaded lives until both are told, or a number would be given twice.
            ours, theirs = pickle.loads(bytes.fromhex(ours)), pickle.loads(bytes.fromhex(theirs))
            ours, theirs = shape(ours, {}, []), shape(theirs, {}, [])
            for n, (a, b) in enumerate(zip(ours + [None], theirs + [None])):
                if a != b:
                    print('%s: %d: %r is not %r, after %r' % (name, n, a, b, theirs[max(n - 5, 0):n]))
                    break


main()
