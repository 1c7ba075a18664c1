"""The register of cases: a case is a function that builds one Python value, and how to pickle it."""
from __future__ import print_function
import os
import sys

import numpy

PY2 = sys.version_info[0] == 2
PYTHON = sys.version_info[:2]
NUMPY = tuple(int(n) for n in numpy.__version__.split('.')[:2])

CASES = []


class Case(object):
    """One value and the ways to pickle it.

    protocols       those wanted, None for all that this Python has
    since           first Python that can build it
    edges           only the oldest and the newest Python: enough where the ones between add no new bytes
    pure            also with the pickler written in Python, up to this protocol
    optimize        also through pickletools.optimize
    buffers         also with buffer_callback (protocol 5)
    persistent_id   function of an object, as Pickler.persistent_id
    several         the value is a list of values for one file: 'one pickler' keeps the memo, 'many' does not
    extensions      [(name in models, code)] registered with copyreg while pickling
    trailing        bytes written behind the pickle
    gzip            the file is compressed
    tree            False: too large (or too odd) to describe as a tree
    dis             small files also get the text of pickletools
    loads           False: its own NumPy crashes on it
    """

    def __init__(self, build, name=None, protocols=None, since=(2, 7), edges=False, pure=-1, optimize=False,
                 buffers=False, persistent_id=None, several=None, extensions=(), trailing=b'', gzip=False,
                 tree=True, dis=False, loads=True):
        self.build = build
        self.name = name or build.__name__
        self.generator = os.path.basename(build.__code__.co_filename)
        self.protocols, self.since, self.edges = protocols, since, edges
        self.pure, self.optimize, self.buffers = pure, optimize, buffers
        self.persistent_id, self.several, self.extensions = persistent_id, several, extensions
        self.trailing, self.gzip, self.tree, self.dis, self.loads = trailing, gzip, tree, dis, loads

    def wanted(self):
        return PYTHON >= self.since and (not self.edges or PYTHON in [(2, 7), (3, 13)])


def case(**options):
    """Decorator that registers a builder under its own name."""
    def register(build):
        CASES.append(Case(build, **options))
        return build
    return register
