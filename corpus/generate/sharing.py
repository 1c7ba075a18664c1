"""Shared objects, cycles, and the memo."""
from __future__ import print_function
import collections

import models
from cases import case


@case(pure=5, optimize=True, dis=True)
def shared():
    """One object under several keys; equal ones that are not the same stay apart."""
    row, name, inner = [1, 2], u''.join([u'sha', u'red']), {u'k': ()}
    pair = (row, name)
    return collections.OrderedDict([
        (u'rows', [row, row, [1, 2]]), (u'names', [name, name, u''.join([u'sha', u'red'])]), (u'dicts', [inner, inner]),
        (u'pairs', [pair, pair, (row, name)]), (name, row)])


@case()
def shared_sets():
    some, frozen, raw = set([1, 2]), frozenset([3, 4]), bytearray(b'raw')
    return [some, frozen, raw, some, frozen, raw]


@case(pure=5)
def cycle_list():
    value = [1]
    value.append(value)
    return value


@case(pure=5)
def cycle_dict():
    value = {u'name': u'loop'}
    value[u'self'] = value
    return value


@case(pure=5, optimize=True, dis=True)
def cycle_tuple():
    """The pickler finds the tuple in the memo when it is about to write it, and pops what it has written."""
    value = ([],)
    value[0].append(value)
    return value


@case(pure=5)
def cycle_tuple_long():
    value = (1, [], 2, 3)
    value[1].append(value)
    return value


@case(pure=5)
def cycle_set():
    """A set cannot hold itself, but it can hold an object that does."""
    value = models.Plain(name=u'node')
    value.friends = set([value])
    return value


@case()
def cycle_frozenset():
    value = models.Plain(name=u'node')
    value.friends = frozenset([value])
    return value.friends


@case(pure=5)
def cycle_object():
    parent, child = models.Plain(name=u'parent'), models.Plain(name=u'child')
    parent.children, child.parent = [child], parent
    return parent


@case(pure=5, tree=False, since=(3, 6))
def cycle_arguments():
    """An object among its own arguments: the call is written twice and one result popped."""
    items = []
    items.append(models.Link(items))
    return items[0]


@case(pure=5, optimize=True)
def memo_many(count=300):
    """BINPUT becomes LONG_BINPUT at 256, and so do the gets."""
    rows = [[] for _ in range(count)]
    return rows + rows[250:260]


@case(several='one pickler')
def dumps_one_memo():
    """The second pickle refers to the first one's objects."""
    row = [1, u''.join([u'te', u'xt'])]
    return [row, [row, 2], (row, row)]


@case(several='many')
def dumps_apart():
    row = [1, u'text']
    return [row, [row, 2], None]


@case(trailing=b'\0trailing bytes.')
def trailing_bytes():
    return [1, 2]


@case(trailing=b'\n')
def trailing_newline():
    return {u'k': u'v'}
