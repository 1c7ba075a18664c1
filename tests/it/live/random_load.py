"""Loads random states that were made for every NumPy, and compares the next numbers: `python random_load.py FILE`.

A line of the file is JSON: `{"name", "pickle", "raw"}`. Tells what differs, and how many there were.
"""
import binascii
import json
import pickle
import sys
import warnings

import numpy as np

warnings.simplefilter('error')
count = 0
with open(sys.argv[1]) as file:
    for line in file:
        told = json.loads(line)
        state = pickle.loads(binascii.unhexlify(told['pickle']))
        bits = getattr(state, 'bit_generator', None) or getattr(state, '_bit_generator', None) or state
        raw = [str(int(number)) for number in bits.random_raw(len(told['raw']))]
        if raw != told['raw']:
            print('%s: %s' % (told['name'], raw[:3]))
        count += 1
print(count)
