"""Every pickle is loaded again, and must give the account that the live object gave."""
from __future__ import print_function
import io
import json
import pickle

import models
import numpy
from cases import PY2
from expect import describe


def account(case, values, protocol):
    """What the manifest says of each of the values of a file."""
    return [describe(value, protocol, case.persistent_id) for value in values]


def lenient(told):
    """Leaves out what a load may change: byte order and layout of arrays, the order of sets."""
    rows, tree = told
    rows = [dict(row, order=None, dtype=json.dumps(row['dtype']).replace('>', '<')) for row in rows]
    if numpy.__version__.startswith('1.11'):  # forgets the unit of a swapped datetime
        rows = [dict(row, dtype=row['dtype'].replace('M8[D]', 'M8')) for row in rows]
    return sorted(json.dumps(unordered(row), sort_keys=True) for row in rows), unordered(tree)


def unordered(tree):
    if isinstance(tree, dict):
        tree = dict((k, unordered(v)) for k, v in tree.items())
        for key in ('set', 'frozenset'):
            if key in tree:
                tree[key] = sorted(tree[key], key=lambda v: json.dumps(v, sort_keys=True))
        if 'dict' in tree and PY2:  # the order depends on the order of insertion
            tree['dict'] = sorted(tree['dict'], key=lambda v: json.dumps(v, sort_keys=True))
        return tree
    if isinstance(tree, list):
        return [unordered(v) for v in tree]
    return tree


def check(case, told, data, protocol, buffers):
    """What is different after loading, None if nothing is."""
    back = account(case, load(case, data, len(told), buffers), protocol)
    for before, after in zip(told, back):
        before, after = lenient(before), lenient(after)
        if before[0] != after[0]:
            return 'arrays\n  %s\n  %s' % (before[0], after[0])
        if case.tree and before[1] != after[1]:
            return 'tree\n  %s\n  %s' % (json.dumps(before[1]), json.dumps(after[1]))


def load(case, data, count, buffers):
    """The values back, by this Python's own unpickler."""
    options = {} if buffers is None else {'buffers': buffers}
    source, values, unpickler = io.BytesIO(data), [], None
    for _ in range(count):
        if unpickler is None or case.several == 'many':
            kind = pickle.Unpickler
            if case.persistent_id and not PY2:
                kind = type('Persistent', (kind,), {'persistent_load': lambda self, name: layer(name)})
            unpickler = kind(source, **options)
            if case.persistent_id and PY2:
                unpickler.persistent_load = layer
        values.append(unpickler.load())
    return values


def layer(name):
    return models.Layer(name[-1] if isinstance(name, tuple) else str(name))
