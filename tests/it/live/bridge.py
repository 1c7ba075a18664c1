# Loads pickles of one value, which two crates wrote.
import json
import pickle
import sys


def text(value):
    """A value with its types; of equal sets and dicts one text."""
    if isinstance(value, (set, frozenset)):
        return '%s(%s)' % (type(value).__name__, ', '.join(sorted(map(text, value))))
    if isinstance(value, dict):
        return '{%s}' % ', '.join(sorted(text(key) + ': ' + text(value) for key, value in value.items()))
    if isinstance(value, (list, tuple)):
        return '%s(%s)' % (type(value).__name__, ', '.join(map(text, value)))
    if isinstance(value, float):
        return value.hex()
    return repr(value)


def main(path):
    with open(path) as file:
        for line in file:
            told = json.loads(line)
            found = {text(pickle.loads(bytes.fromhex(data))) for data in told['pickles']}
            if len(found) > 1:
                print('\n   '.join(found))


main(sys.argv[2])
