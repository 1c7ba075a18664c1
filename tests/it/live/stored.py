"""Numbers of both byte orders, at every protocol: as numbers, and as NumPy pickles them."""
import base64
import json
import pickle

import numpy as np

for order in '<>':
    for kind in ('i2', 'i4', 'i8', 'u2', 'u4', 'u8', 'f4', 'f8'):
        low = 0 if kind[0] == 'u' else -3
        numbers = np.arange(low, 9).astype(order + kind).reshape(3, -1) * 100
        array = numbers.astype(order + kind)
        pickles = [base64.b64encode(pickle.dumps(array, protocol)).decode() for protocol in range(6)]
        print(json.dumps({'name': order + kind, 'numbers': array.tolist(), 'pickles': pickles}))
