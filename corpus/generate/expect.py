# -*- coding: utf-8 -*-
"""What a reader must find in a pickle, told from the live object by the Python and NumPy that pickle it.

Four accounts are made in one walk: `arrays`, the rows of `ndpickle arrays --json --sha256`, `tree`, the value as JSON,
`dtypes` and `random`, the dtype objects and random generators (corpus/README.md has the grammars). The walk goes the
way picklers go: reduce values are asked from the objects themselves, in the protocol at hand, and an object is met once
however often it is referred to.
"""
from __future__ import print_function
import binascii
import collections
import pickle
import struct
import sys
import types

from dtypes import dtype_row, is_dtype
from paths import attribute, subscript
from randoms import is_random, random_row
from rows import is_array, row, stored_objects

if sys.version_info[0] == 2:
    import copy_reg as copyreg
    OLD_STYLE = types.InstanceType
    classes, text = (type, types.ClassType), unicode  # noqa: F821
    by_name = (types.FunctionType, types.BuiltinFunctionType)
    renamed_modules, renamed_names = {}, {}
else:
    import _compat_pickle
    import copyreg
    OLD_STYLE = None
    classes, text = (type,), str
    by_name = (types.FunctionType,)
    renamed_modules, renamed_names = _compat_pickle.REVERSE_IMPORT_MAPPING, _compat_pickle.REVERSE_NAME_MAPPING
PY2 = sys.version_info[0] == 2


def describe(value, protocol, persistent_id=None):
    """The accounts of a value."""
    walk = Walk(protocol, persistent_id)
    tree = walk.value(value, '')
    return {'arrays': walk.rows, 'tree': tree, 'dtypes': walk.dtypes, 'random': walk.random}


class Walk(object):
    def __init__(self, protocol, persistent_id):
        self.protocol = protocol
        self.persistent_id = persistent_id
        self.rows, self.dtypes, self.random = [], [], []
        self.told, self.inside = set(), 0  # ids of dtypes and generators; whether the walk is inside of one
        self.met = {}       # id of an object -> its part of the tree
        self.alive = []     # keeps what reduce makes alive, lest an id comes twice
        self.ids = 0

    # ---- one value

    def value(self, o, path):
        if self.persistent_id:
            name = self.persistent_id(o)
            if name is not None:
                return {'persid': {'str': str(name)} if self.protocol == 0 else self.value(name, path)}
        if o is None or o is True or o is False:
            return o
        atom = self.atom(o)
        if atom is not None:
            return atom
        one = is_dtype(o) or is_random(o)
        if one:
            self.tell(o, path)
        if id(o) in self.met:
            return self.again(self.met[id(o)])
        self.alive.append(o)
        if is_array(o):
            return self.array(o, path)
        self.inside += one
        tree = self.container(o, path)
        self.inside -= one
        return tree

    def tell(self, o, path):
        """A dtype or generator, once, at the first place that is not inside of another one."""
        if not self.inside and id(o) not in self.told:
            self.told.add(id(o))
            if is_dtype(o):
                self.dtypes.append(dtype_row(o, path))
            else:
                self.random.append(random_row(o, path))

    def atom(self, o):
        kind = type(o)
        if kind is int:
            return {'int': str(o)}
        if PY2 and kind is long:  # noqa: F821
            return {'long': str(o)}
        if kind is float:
            return {'float': self.float_bits(o)}
        if kind is complex:
            return {'complex': [self.float_bits(o.real), self.float_bits(o.imag)]}
        if kind is text:
            return text_tree(o)
        if kind is bytes:
            return {'py2str' if PY2 else 'bytes': hexadecimal(o)}
        return None

    def float_bits(self, x):
        if x != x and self.protocol == 0:
            x = abs(x)  # the text is "nan" whatever the sign
        return hexadecimal(struct.pack('>d', x))

    def again(self, tree):
        if 'array' in tree:
            return {'array': tree['array']}
        if 'global' in tree or 'ext' in tree:
            return tree
        if 'id' not in tree:
            self.ids += 1
            tree['id'] = self.ids
        return {'ref': tree['id']}

    # ---- containers and objects

    def container(self, o, path):
        kind = type(o)
        tree = {}
        if not (kind is tuple and not o):  # () is everywhere the same and never shared in a pickle
            self.met[id(o)] = tree
        if kind is tuple:
            tree['tuple'] = self.sequence(o, path)
        elif kind is list:
            tree['list'] = self.sequence(o, path)
        elif kind is dict:
            tree['dict'] = self.pairs(o.items(), path)
        elif kind is set or kind is frozenset:
            tree[kind.__name__] = [self.value(x, '%s{%d}' % (path, i)) for i, x in enumerate(o)]
        elif kind is bytearray:
            tree['bytearray'] = hexadecimal(bytes(o))
        elif (isinstance(o, classes) or isinstance(o, by_name)) and kind not in copyreg.dispatch_table:
            tree.update(self.name(o))
        elif kind is OLD_STYLE:
            tree['object'] = self.old_style(o, tree, path)
        else:
            self.reduced(o, tree, path)
        return tree

    def sequence(self, items, path):
        return [self.value(x, '%s[%d]' % (path, i)) for i, x in enumerate(items)]

    def pairs(self, pairs, path, form=u'%s[%s]'):
        return [[self.value(k, path + u'.key[%d]' % i), self.value(v, form % (path, subscript(k)))]
                for i, (k, v) in enumerate(pairs)]

    def old_style(self, o, tree, path):
        arguments = o.__getinitargs__() if hasattr(o, '__getinitargs__') else ()
        state = o.__getstate__() if hasattr(o, '__getstate__') else o.__dict__
        self.alive.append((arguments, state))
        return {'by': 'obj' if self.protocol else 'inst', 'callable': self.name(o.__class__),
                'args': self.sequence(arguments, path + '.args'), 'states': [self.state(state, path)]}

    def reduced(self, o, tree, path):
        reduce = copyreg.dispatch_table.get(type(o))
        parts = reduce(o) if reduce else o.__reduce_ex__(self.protocol)
        if isinstance(parts, str):
            tree.update(self.name(o, parts))
            return
        self.alive.append(parts)
        function, arguments, state, items, pairs, setter = (tuple(parts) + (None,) * 4)[:6]
        told = tree['object'] = {}
        name = getattr(function, '__name__', '')
        if self.protocol >= 2 and name == '__newobj__':
            told['by'] = 'newobj'
            function, arguments = arguments[0], arguments[1:]
        elif self.protocol >= 2 and name == '__newobj_ex__':
            function, arguments, keywords = arguments
            if self.protocol >= 4:
                told['by'] = 'newobj_ex'
                told['kwargs'] = None  # told below, after args
            else:
                import functools
                told['by'] = 'reduce'
                function = functools.partial(function.__new__, function, *arguments, **keywords)
                self.alive.append(function)
                arguments = ()
        else:
            told['by'] = 'reduce'
        told['callable'] = self.value(function, path + '.callable')
        if PY2 and type(o) is collections.OrderedDict and arguments:
            # Python 2 passes a list of lists [key, value]; their place is that of dict items all the same
            told['args'] = [{'list': [{'list': pair} for pair in self.pairs(arguments[0], path)]}]
        else:
            told['args'] = self.sequence(arguments, path + '.args')
        if 'kwargs' in told:
            told['kwargs'] = self.pairs(keywords.items(), path + '.kwargs')
        items, pairs = self.sequence(items or (), path + '.items'), self.pairs(pairs or (), path)
        if items:
            told['items'] = items
        if pairs:
            told['pairs'] = pairs
        if state is not None and setter is None:
            told['states'] = [self.state(state, path)]
        elif state is not None:
            call = path + '.popped[0]'
            told['popped'] = [{'object': {'by': 'reduce', 'callable': self.value(setter, call + '.callable'),
                                          'args': self.sequence((o, state), call + '.args')}}]

    def state(self, state, path):
        """A state dict lends its keys as attributes; (dict or None, dict) has slots; all else is one value."""
        if id(state) in self.met:
            return self.again(self.met[id(state)])
        if type(state) is dict:
            self.alive.append(state)
            tree = self.met[id(state)] = {}
            tree['dict'] = self.attributes(state, path)
            return tree
        if type(state) is tuple and len(state) == 2 and type(state[1]) is dict and type(state[0]) in (dict, type(None)):
            self.alive.append(state)
            tree = self.met[id(state)] = {}
            first = None if state[0] is None else self.state(state[0], path)
            second = self.met[id(state[1])] = {}
            tree['tuple'] = [first, second]
            second['dict'] = self.pairs(state[1].items(), path + '.slots')
            return tree
        return self.value(state, path + '.state')

    def attributes(self, state, path):
        return [[self.value(k, path + '.key[%d]' % i), self.value(v, u'%s.%s' % (path, attribute(k)))]
                for i, (k, v) in enumerate(state.items())]

    # ---- globals

    def name(self, o, name=None):
        if o in (type(None), type(NotImplemented), type(Ellipsis)) and not PY2:
            value = {type(None): None, type(NotImplemented): NotImplemented, type(Ellipsis): Ellipsis}[o]
            return {'object': {'by': 'reduce', 'callable': self.name(type), 'args': [self.value(value, '')]}}
        name = name or getattr(o, '__qualname__', None) or o.__name__
        module = pickle.whichmodule(o, name)
        code = copyreg._extension_registry.get((module, name))
        if code and self.protocol >= 2:
            return {'ext': code}
        if '.' in name and self.protocol < 4:
            head, tail = name.rsplit('.', 1)
            owner = sys.modules[module]
            for part in head.split('.'):
                owner = getattr(owner, part)
            return {'object': {'by': 'reduce', 'callable': self.name(getattr),
                               'args': [self.name(owner), text_tree(tail)]}}
        if self.protocol < 3:
            module, name = renamed_names.get((module, name), (renamed_modules.get(module, module), name))
        return {'global': '%s %s' % (module, name)}

    # ---- arrays

    def array(self, o, path):
        tree = self.met[id(o)] = {'array': path}
        self.rows.append(row(o, path, self.protocol))
        objects = stored_objects(o)
        if objects is not None:
            self.alive.append(objects)
            tree['flat'] = [self.value(x, '%s.flat[%d]' % (path, i)) for i, x in enumerate(objects)]
        return tree


# ---- texts

def hexadecimal(data):
    return binascii.hexlify(data).decode('ascii')


def text_tree(s):
    data = s.encode('utf-8') if PY2 else s.encode('utf-8', 'surrogatepass')
    try:
        data.decode('utf-8') if not PY2 else no_surrogates(s)
    except UnicodeError:
        return {'wtf8': hexadecimal(data)}
    return {'str': s}


def no_surrogates(s):
    """Python 2 decodes what Python 3 refuses."""
    if sys.maxunicode > 0xffff and any(u'\ud800' <= c <= u'\udfff' for c in s):
        raise UnicodeError
