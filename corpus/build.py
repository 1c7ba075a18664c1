#!/usr/bin/env python3
"""Build the corpus with every interpreter of a folder of Pythons.

    python3 corpus/build.py PYTHONS            write corpus/files, corpus/manifest.json, corpus/showcase.pkl
    python3 corpus/build.py PYTHONS --check    build aside and compare with what is there

PYTHONS/<cell>/bin/python are the interpreters, as made by corpus/pythons.py; corpus/pythons.txt lists the cells.
"""
import argparse
import filecmp
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MADE = ['files', 'manifest.json', 'showcase.pkl']
DIS_LIMIT = 500  # bytes of a pickle that gets its text beside it

# The order of keys: old Pythons tell theirs in any order.
ENTRY = ['path', 'also', 'size', 'sha256', 'compression', 'python', 'numpy', 'implementation', 'generator', 'case', 'protocol', 'pickles',
         'trailing', 'buffers', 'dis', 'arrays', 'arrays_count', 'arrays_digest', 'tree', 'tree_digest', 'dtypes', 'random', 'more']
ROW = ['path', 'kind', 'dtype', 'shape', 'order', 'nbytes', 'sha256', 'mask_sha256', 'fill_sha256', 'plain', 'str', 'descr', 'error']
DTYPE = ['path', 'dtype', 'base', 'shape', 'str', 'descr', 'itemsize', 'alignment', 'isalignedstruct', 'hasobject', 'metadata']
RANDOM = ['path', 'class', 'state', 'seed_seq']


def cells():
    """(cell, Python, requirements) in the order of pythons.txt."""
    for line in (HERE / 'pythons.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            cell, python, *requirements = line.split()
            yield cell, python, requirements


def generate(python, out, parts):
    """One interpreter's pickles; parts are `values` and `hand` of generate/main.py."""
    # Sets and Python 3's older dicts must come out the same in every run.
    environment = dict(os.environ, PYTHONHASHSEED='0', PYTHONDONTWRITEBYTECODE='1')
    subprocess.run([python, HERE / 'generate' / 'main.py', out, *parts], env=environment, check=True)
    return json.loads((out / 'entries.json').read_text())


def compact(value, sort_keys=False):
    return json.dumps(value, sort_keys=sort_keys, separators=(',', ':'))


def ordered(value, keys):
    assert set(value) <= set(keys), set(value) - set(keys)
    return {k: value[k] for k in keys if k in value}


class Corpus:
    """The files so far, and what the manifest says of them.

    Equal bytes with equal expectations are one file, whose entry lists the others under `also`. Expectations repeat a
    lot, so entries hold their places in tables.
    """

    def __init__(self, out):
        self.out = out
        self.entries = []
        self.by_content = {}
        self.by_bytes = {}
        self.tables = {'arrays': {}, 'trees': {}, 'dtypes': {}, 'random': {}}
        self.notes = []

    def add(self, cell, made, entry):
        folder = cell if entry['numpy'] else cell.split('-')[0]
        if entry['implementation'] == 'hand':
            folder = 'hand'
        path, entry['path'] = made / entry['path'], 'files/%s/%s' % (folder, entry['path'])
        for value in [entry, *entry['more']]:
            value['arrays'] = self.place('arrays', compact([ordered(row, ROW) for row in value['arrays']]))
            if value['tree'] is not None:
                value['tree'] = self.place('trees', compact(value['tree'], sort_keys=True))
            for name, keys in [('dtypes', DTYPE), ('random', RANDOM)]:
                told = [ordered(item, keys) for item in value[name]]
                value[name] = self.place(name, compact(told, sort_keys=name == 'random')) if told else None
        bytes_key = json.dumps([entry['sha256'], [b['sha256'] for b in entry['buffers']]])
        told = {k: entry[k] for k in ('arrays', 'tree', 'dtypes', 'random', 'more')}
        key = json.dumps([bytes_key, entry['protocol'], told], sort_keys=True)
        if key in self.by_content:
            self.by_content[key].setdefault('also', []).append(entry['path'][len('files/'):])
            return
        self.by_content[key] = entry
        other = self.by_bytes.setdefault(bytes_key, (entry['path'], told))
        if other[1] != told:
            unlike = [k for k in told if told[k] != other[1][k]]
            self.notes.append('%s has the bytes of %s, but other %s' % (entry['path'], other[0], ' and '.join(unlike)))
        data = path.read_bytes()
        if entry['compression']:
            data = gzip.compress(data, mtime=0)
            entry['path'] += '.gz'
            entry['sha256'], entry['size'] = hashlib.sha256(data).hexdigest(), len(data)
        if entry['case'] == 'showcase':
            entry['path'] = 'showcase.pkl'
        self.write(entry['path'], data)
        for buffer in entry['buffers']:
            data = (made / buffer['path']).read_bytes()
            buffer['path'] = 'files/buffers/' + buffer['sha256'][:16]
            self.write(buffer['path'], data)
        self.entries.append(entry)

    def place(self, table, line):
        return self.tables[table].setdefault(line, len(self.tables[table]))

    def write(self, path, data):
        path = self.out / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def disassemble(self, python):
        """The text of `python -m pickletools` beside small files."""
        for entry in self.entries:
            if not entry.pop('dis') or entry['size'] > DIS_LIMIT or entry['implementation'] in ('pure', 'optimize'):
                continue
            run = subprocess.run([python, '-m', 'pickletools', self.out / entry['path']], capture_output=True)
            if run.returncode == 0:
                entry['dis'] = entry['path'] + '.dis'
                self.write(entry['dis'], run.stdout)

    def manifest(self):
        """One entry a line."""
        for entry in self.entries:
            for value in entry['more']:
                for key in [k for k in ('dtypes', 'random') if value[k] is None]:
                    del value[key]
        entries = [compact({k: v for k, v in ordered(e, ENTRY).items() if v not in ([], None) or k in ('tree', 'numpy')})
                   for e in self.entries]
        parts = [('files', entries)] + [(name, list(table)) for name, table in self.tables.items()]
        text = ',\n'.join('"%s": [\n%s\n]' % (name, ',\n'.join(lines)) for name, lines in parts)
        self.write('manifest.json', ('{%s}\n' % text).encode('ascii'))


def build(pythons, out):
    corpus = Corpus(out)
    table = list(cells())
    newest = table[-1][0]
    first = {}  # the cell that makes a Python's plain values
    for cell, python, _ in table:
        first[python] = cell
    for cell, python, _ in table:
        parts = ['values'] * (first[python] == cell) + ['hand'] * (cell == newest)
        with tempfile.TemporaryDirectory() as made:
            told = generate(pythons / cell / 'bin' / 'python', Path(made), parts)
            for entry in told['entries']:
                corpus.add(cell, Path(made), entry)
        corpus.notes += ['%s: %s' % (cell, note) for note in told['notes']]
        print('%-14s %4d pickles' % (cell, len(told['entries'])))
    corpus.disassemble(pythons / newest / 'bin' / 'python')
    corpus.manifest()
    for note in corpus.notes:
        print('note:', note[:600])
    files = [f for f in out.rglob('*') if f.is_file()]
    print('%d entries, %d files, %d bytes' % (len(corpus.entries), len(files), sum(f.stat().st_size for f in files)))


def differences(a, b):
    found = {p.relative_to(root) for root in (a, b) for name in MADE for p in [root / name, *(root / name).rglob('*')] if p.is_file()}
    return sorted(str(p) for p in found if not (a / p).is_file() or not (b / p).is_file() or not filecmp.cmp(a / p, b / p, shallow=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('pythons', type=Path)
    parser.add_argument('--check', action='store_true', help='compare with what is there, write nothing')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        aside = Path(aside)
        build(arguments.pythons.resolve(), aside)
        if arguments.check:
            wrong = differences(aside, HERE)
            print('\n'.join(wrong) or 'the same')
            sys.exit(bool(wrong))
        for name in MADE:
            there = HERE / name
            shutil.rmtree(there) if there.is_dir() else there.unlink(missing_ok=True)
            shutil.move(aside / name, there)


if __name__ == '__main__':
    main()
