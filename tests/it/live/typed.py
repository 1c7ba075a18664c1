"""Arrays of every plain dtype as pickles in hex, with their elements as Python sees them: one JSON object a line."""
import binascii, json, pickle
import numpy as np

CODES = ['?', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16', 'S3', 'U3']


def sample(code):
    if code in ('S3', 'U3'):
        return np.array([['ab', '', 'xyz'], ['q', 'abc', ' ']]).astype(code)
    values = np.array([[0, 1, 2], [100, 7, 31]])
    return (values + 1j * values.T.reshape(2, 3)).astype(code) if code[0] == 'c' else values.astype(code)


def plain(value):
    if isinstance(value, complex):
        return [value.real, value.imag]
    return value.decode('ascii') if isinstance(value, bytes) else value


for code in CODES:
    for order in '<>':
        for layout in ('C', 'F', 'K', 'strided', '0d', 'empty'):
            array = sample(code).astype(np.dtype(code).newbyteorder(order))
            if layout == 'F':
                array = np.asfortranarray(array)
            elif layout == 'K':
                array = np.ascontiguousarray(np.stack([array, array])).transpose(0, 2, 1)
            elif layout == 'strided':
                array = array[:, ::2]
            elif layout == '0d':
                array = np.array(array[1, 1], array.dtype)
            elif layout == 'empty':
                array = array[:, :0]
            for protocol in range(6):
                print(json.dumps({
                    'code': code, 'layout': layout, 'protocol': protocol, 'shape': array.shape,
                    'elements': [plain(value) for value in array.ravel().tolist()],
                    'pickle': binascii.hexlify(pickle.dumps(array, protocol)).decode('ascii'),
                }))
