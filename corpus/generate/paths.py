"""How dict keys are spelled in the paths of rows."""
from __future__ import print_function
import sys

PY2 = sys.version_info[0] == 2
TEXT = unicode if PY2 else str  # noqa: F821
INTEGERS = (int, long) if PY2 else (int,)  # noqa: F821


def attribute(key):
    """A key of a state dict, as the name that it is."""
    return key.decode('ascii') if isinstance(key, bytes) else key


def subscript(key):
    """A dict key as it stands in a path: Python's repr, but only control characters and surrogates are escaped."""
    if isinstance(key, tuple):
        return u'(%s%s)' % (u', '.join(subscript(k) for k in key), u',' if len(key) == 1 else u'')
    if isinstance(key, TEXT):
        return quoted(key)
    if isinstance(key, bytes):
        return (u'' if PY2 else u'b') + quoted(key.decode('latin-1'), latin1=True)
    if type(key) in INTEGERS:
        return u'%d' % key
    if isinstance(key, (float, type(None), bool)):
        return u'%r' % (key,)
    return u'?'  # such a key must not lead to an array


def quoted(s, latin1=False):
    quote = u'"' if u"'" in s and u'"' not in s else u"'"
    out = []
    for c in s:
        n = ord(c)
        if c == u'\\' or c == quote:
            out.append(u'\\' + c)
        elif c in u'\n\r\t':
            out.append({u'\n': u'\\n', u'\r': u'\\r', u'\t': u'\\t'}[c])
        elif n < 32 or n == 127 or (latin1 and n > 127):
            out.append(u'\\x%02x' % n)
        elif 0xd800 <= n <= 0xdfff:
            out.append(u'\\u%04x' % n)
        else:
            out.append(c)
    return quote + u''.join(out) + quote
