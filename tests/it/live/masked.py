"""Masked arrays with their masks and fill values, whole and field by field."""
import numpy as np
import numpy.ma.mrecords

from told import array_told, dtype_told, tell


def told(data, mask, fill):
    facts = {'data': elements_told(data), 'mask': array_told(mask), 'mask_dtype': dtype_told(mask.dtype), 'fill': None if fill is None else elements_told(fill), 'fields': None}
    if data.dtype.names is not None and not data.dtype.hasobject:
        facts['fields'] = [[name, told(data[name], mask[name], None if fill is None else fill[name])] for name in data.dtype.names]
    return facts


def elements_told(array):
    array = np.asarray(array)
    if not array.dtype.hasobject:
        return array_told(array)
    return {'dtype': array.dtype.str, 'shape': list(array.shape), 'objects': [repr(value) for value in array.ravel().tolist()]}


def arrays():
    x = np.arange(6.0).reshape(2, 3)
    mask = [[0, 1, 0], [1, 0, 0]]
    yield 'plain', np.ma.array(x, mask=mask)
    yield 'no mask', np.ma.array(x)
    yield 'all masked', np.ma.array(x, mask=True)
    yield 'hard mask', np.ma.array(x, mask=mask, hard_mask=True)
    yield 'F order', np.ma.array(np.asfortranarray(x), mask=np.asfortranarray(mask))
    yield 'F order, mask in C order', np.ma.array(np.asfortranarray(x), mask=mask)
    yield 'transposed', np.ma.array(x, mask=mask).T
    yield 'strided', np.ma.array(x, mask=mask)[:, ::-2]
    yield 'permuted', np.ma.array(np.arange(24).reshape(2, 3, 4), mask=np.arange(24).reshape(2, 3, 4) % 5 == 0).transpose(0, 2, 1)
    yield 'no axes', np.ma.array(5, mask=True)
    yield 'empty', np.ma.array(np.zeros((0, 3), 'i2'))
    yield 'the constant masked', np.ma.masked
    for code in ['?', 'i1', '>i2', '<u4', '>i8', '>f2', '<f4', '>f8', '<c8', '>c16', 'S3', '>U3', 'V3', '<M8[s]', '>m8[25us]']:
        array = np.ma.array(np.zeros(3, code), mask=[0, 1, 0])
        yield 'dtype ' + code, array
        filled = np.ma.array(np.zeros(3, code), mask=[0, 1, 0])
        filled.fill_value = np.ones(1, code)[0] if code[-1] != '3' else np.array(b'ab').astype(code)[()]
        yield 'fill value of ' + code, filled
    yield 'times', np.ma.array(['2020-01-01', 'NaT', '1700-01-01'], 'M8[D]', mask=[0, 0, 1])
    yield 'structured', structured('C')
    yield 'structured, F order', structured('F')
    yield 'structured, no mask', np.ma.array(structured('C').data)
    yield 'a structured scalar', structured('C')[1, 1]
    yield 'structured, big-endian', np.ma.array([(1, 2.5), (3, 4.5)], [('x', '>i4'), ('y', '>f8')], mask=[(0, 1), (1, 0)],
                                                fill_value=(7, 8.0))
    yield 'records', np.ma.array([(1, 2.5), (3, 4.5)], [('x', 'i4'), ('y', 'f8')], mask=[(0, 1), (1, 0)]).view(np.ma.mrecords.mrecarray)
    yield 'objects', np.ma.array([None, 'a', 2], object, mask=[0, 1, 0])
    yield 'objects, F order', np.ma.array(np.array([['a', 'b'], ['c', 'd']], object, order='F'), mask=[[0, 1], [0, 0]])
    yield 'objects with a fill value', np.ma.array(['a', 'b'], object, mask=[0, 1], fill_value='?')
    yield 'structured objects', np.ma.array([(1, 'a'), (2, None)], [('x', 'i4'), ('o', 'O')], mask=[(0, 1), (1, 0)])
    yield 'aligned', np.ma.array(np.zeros(2, np.dtype([('a', 'i1'), ('b', 'f8')], align=True)), mask=[(1, 0), (0, 1)])


def structured(order):
    dtype = [('x', 'i4'), ('in', [('s', 'S3'), ('t', '>f4', (2,))]), (('Title', 'm'), '<u2', (2, 2))]
    array = np.ma.zeros((2, 2), dtype, order=order)
    array['x'] = [[1, 2], [3, 4]]
    array['in']['t'] = 0.5
    array['m'] = np.arange(16).reshape(2, 2, 2, 2)
    array['x'].mask = False
    array.mask = np.zeros((2, 2), array.mask.dtype)
    array.mask['x'] = [[0, 1], [0, 0]]
    array.mask['m'][1, 1] = [[1, 0], [0, 1]]
    array.mask['in']['t'][0, 1] = [0, 1]
    return array


for name, array in arrays():
    tell(name, array, **told(np.asarray(np.ma.getdata(array)), np.asarray(np.ma.getmaskarray(array)), array._fill_value))
