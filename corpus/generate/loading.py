"""Every pickle is loaded again, and must give the account that the live object gave."""
from __future__ import print_function
import io
import json
import os
import pickle
import re

import models
from cases import NUMPY, PY2
from expect import describe


def accounts(case, values, protocol):
    """What the manifest says of each of the values of a file."""
    return [describe(value, protocol, case.persistent_id) for value in values]


def lenient(told):
    """Leaves out what a load may change: byte order and layout of arrays, their fill value, the order of sets."""
    rows = [json.dumps(unordered(dict(row, order=None, fill_sha256=None)), sort_keys=True).replace('>', '<') for row in told['arrays']]
    if NUMPY < (1, 16):  # forgets the unit of a swapped datetime
        rows = [re.sub(r'8\[\w+\]', '8', row) for row in rows]
    return dict(told, arrays=sorted(rows), tree=unordered(told['tree']))


def unordered(tree):
    if isinstance(tree, dict):
        tree = dict((k, unordered(v)) for k, v in tree.items() if not (PY2 and k in ('id', 'ref')))  # numbered in that order
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
    back = accounts(case, load(case, data, len(told), buffers), protocol)
    for before, after in zip(told, back):
        before, after = lenient(before), lenient(after)
        for account in ['arrays', 'dtypes', 'random'] + ['tree'] * case.tree:
            if before[account] != after[account]:
                return '%s\n  %s\n  %s' % ((account,) + apart(before[account], after[account]))


def apart(before, after):
    """Where two accounts begin to differ."""
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        before, after = [(b, a) for b, a in zip(before, after) if b != a][0]
    before, after = json.dumps(before, sort_keys=True), json.dumps(after, sort_keys=True)
    same = len(os.path.commonprefix([before, after]))
    return before[max(same - 100, 0):][:200], after[max(same - 100, 0):][:200]


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
