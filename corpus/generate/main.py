"""Write the pickles of one interpreter.

    python main.py OUT [values] [hand]

Makes OUT/*.pkl and OUT/entries.json, the manifest's entries. Runs unchanged on CPython 2.7 to 3.13. With `values`
it also makes the cases that need no NumPy, which every Python has to do but once; with `hand`, the hand-written ones.
Every pickle is loaded again, and must give the account that the live object gave.
"""
from __future__ import print_function
import io
import json
import os
import pickle
import pickletools
import platform
import sys
import warnings

import numpy

from cases import CASES, PY2
from loading import accounts, check
from rows import sha256

if PY2:
    import copy_reg as copyreg
    import cPickle
    Pickler = {'c': cPickle.Pickler, 'pure': pickle.Pickler}
else:
    import copyreg
    Pickler = {'c': pickle.Pickler, 'pure': pickle._Pickler}

# Beyond these an expectation is told by its digest.
LARGE_TREE, MANY_ROWS = 6000, 150


def dump(case, value, protocol, implementation, buffers=None):
    """The bytes of a case's file."""
    out = io.BytesIO()
    pickler = None
    for part in value if case.several else [value]:
        if pickler is None or case.several == 'many':
            options = {} if buffers is None else {'buffer_callback': buffers.append}
            pickler = make_pickler(case, out, protocol, implementation, options)
        pickler.dump(part)
    return out.getvalue() + case.trailing


def make_pickler(case, out, protocol, implementation, options):
    kind = Pickler[implementation]
    if case.persistent_id and not PY2:
        kind = type('Persistent', (kind,), {'persistent_id': lambda self, o: case.persistent_id(o)})
    pickler = kind(out, protocol, **options)
    if case.persistent_id and PY2:
        pickler.persistent_id = case.persistent_id
    return pickler


def expectation(case, told):
    """The accounts as they go into the manifest; of the largest only digests, and the first rows."""
    values = []
    for account in told:
        rows, tree = account['arrays'], account['tree']
        value = dict(account, tree=tree if case.tree else None)
        if len(rows) > MANY_ROWS:
            value['arrays'] = rows[:3]
            value['arrays_count'] = len(rows)
            value['arrays_digest'] = digest(rows)
        if case.tree and len(compact(tree)) > LARGE_TREE:
            value['tree'] = None
            value['tree_digest'] = digest(tree)
        values.append(value)
    return dict(values[0], more=values[1:])


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'))


def digest(value):
    return sha256(compact(value).encode('ascii'))


class Writer(object):
    """The files, their entries, and notes of what went wrong."""

    def __init__(self, out):
        self.out, self.entries, self.notes = out, [], []

    def case(self, case, numeric):
        highest = pickle.HIGHEST_PROTOCOL
        for protocol in case.protocols or range(highest + 1):
            for way in ways(case, protocol) if protocol <= highest else []:
                try:
                    self.pickle(case, protocol, way, numeric)
                except Exception as e:
                    self.notes.append('%s.p%d %s: %s: %s' % (case.name, protocol, way, type(e).__name__, e))

    def pickle(self, case, protocol, way, numeric):
        value = case.build()
        buffers = [] if way == 'buffers' else None
        data = dump(case, value, protocol, 'pure' if way == 'pure' else 'c', buffers)
        if way == 'optimize':
            data = pickletools.optimize(data)
        name = '%s.p%d%s' % (case.name, protocol, '' if way == 'c' else '.' + way)
        self.add(case, value, data, name, protocol, 'c' if way == 'buffers' else way, numeric, buffers)

    def hand(self, case, data, value, numeric=False):
        """A pickle written by hand and the value it stands for."""
        self.add(case, value, data, case.name, newest(data), 'hand', numeric, None)

    def damaged(self, case, data, rows):
        """A pickle with arrays that no reader can make."""
        self.entry(case, [{'arrays': rows, 'tree': None, 'dtypes': [], 'random': []}], data, case.name, newest(data), 'hand', True, [])

    def add(self, case, value, data, name, protocol, implementation, numeric, buffers):
        told = accounts(case, value if case.several else [value], protocol)
        views = [b.raw() for b in buffers or []]
        wrong = case.loads and check(case, told, data, protocol, None if buffers is None else views)
        if wrong:
            self.notes.append('%s loads differently: %s' % (name, wrong))
        self.entry(case, told, data, name, protocol, implementation, numeric, views)

    def entry(self, case, told, data, name, protocol, implementation, numeric, views):
        entry = {
            'path': name + '.pkl', 'size': len(data), 'sha256': sha256(data), 'compression': 'gzip' if case.gzip else None,
            'python': platform.python_version(), 'numpy': numpy.__version__ if numeric else None,
            'implementation': implementation, 'generator': case.generator, 'case': case.name, 'protocol': protocol,
            'pickles': len(told), 'trailing': len(case.trailing), 'buffers': [], 'dis': case.dis}
        self.write(entry['path'], data)
        for i, view in enumerate(views):
            content = view.tobytes()
            path = '%s.buffer%d' % (name, i)
            entry['buffers'].append({'path': path, 'size': len(content), 'sha256': sha256(content), 'writable': not view.readonly})
            self.write(path, content)
        entry.update(expectation(case, told))
        self.entries.append(entry)

    def write(self, path, data):
        with open(os.path.join(self.out, path), 'wb') as f:
            f.write(data)


def newest(data):
    """The protocol of the newest opcode."""
    return max(op.proto for op, _, _ in pickletools.genops(data))


def ways(case, protocol):
    yield 'c'
    if protocol <= case.pure:
        yield 'pure'
    if case.optimize and not (PY2 and protocol == 0):
        yield 'optimize'
    if case.buffers and protocol == 5:
        yield 'buffers'


def main():
    warnings.simplefilter('ignore')
    out, parts = sys.argv[1], sys.argv[2:]
    writer = Writer(out)
    import values, sharing, objects  # noqa: E401, F401
    plain, CASES[:] = CASES[:], []
    import arrays, users, times, structured, elements, scalars, masked, subclasses, object_arrays  # noqa: E401, F401
    import dtype_objects, functions, random_states  # noqa: E401, F401
    for case in plain if 'values' in parts else []:
        if case.wanted():
            for name, code in case.extensions:
                copyreg.add_extension('models', name, code)
            writer.case(case, numeric=False)
            for name, code in case.extensions:
                copyreg.remove_extension('models', name, code)
    for case in CASES:
        if case.wanted():
            writer.case(case, numeric=True)
    if 'hand' in parts:
        import damaged, hand_states, opcodes  # noqa: E401
        for part in opcodes, hand_states, damaged:
            part.write(writer)
    with open(os.path.join(out, 'entries.json'), 'w') as f:
        json.dump({'entries': writer.entries, 'notes': writer.notes}, f)


if __name__ == '__main__':
    main()
