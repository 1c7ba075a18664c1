"""Structured arrays for structs of Rust: packed, aligned, nested, in both byte orders, with what each field holds."""
import numpy as np

from told import tell

POINT = [('x', 'f4'), ('y', 'f4')]
PACKED = [('flag', '?'), ('id', 'i4'), ('mag', 'f8'), ('rgb', 'f4', (3,)), ('grid', 'i2', (3, 2)), ('code', 'S5'), ('raw', 'V3'),
          ('point', POINT), ('seen', 'M8[s]'), ('half', 'f2'), ('z', 'c8'), ('points', POINT, (2,))]


def ordered(fields, order):
    return np.dtype(fields).newbyteorder(order)


def star(n):
    point = (n + 0.25, -n - 0.5)
    return (n % 2 == 0, n * 70000 + 1, n / 4, (n, n + 0.5, -n), [[n, 1], [2, -n], [4, 300]], b'ab%d' % n, b'x\0%d' % (n % 10), point,
            np.datetime64(n * 1000003, 's'), n + 0.5, n - 2j, [point, (1, 2)])


def told(array):
    return [[int(e['flag']), int(e['id']), float(e['mag']), e['rgb'].tolist(), e['grid'].ravel().tolist(), bytes(e['code']).ljust(5, b'\0').hex(),
             e['raw'].tobytes().hex(), list(e['point'].tolist()), int(e['seen'].astype('i8')), float(e['half']), e['z'].real.item(), e['z'].imag.item(),
             [list(p) for p in e['points'].tolist()]] for e in array.ravel()]


def packed(order):
    array = np.zeros((2, 3), ordered(PACKED, order))
    for n in range(6):
        array[n // 3, n % 3] = star(n)
    return array


for order in '<>':
    array = packed(order)
    tell('packed ' + order, array, kind='packed', elements=told(array))
    tell('packed F ' + order, np.asfortranarray(array), kind='packed', elements=told(array))
    tell('recarray ' + order, array.view(np.recarray), kind='packed', elements=told(array))
    # Before NumPy 1.20 a scalar with a point in time in it could not be pickled.
    if tuple(map(int, np.__version__.split('.')[:2])) >= (1, 20):
        tell('scalar ' + order, array[1, 2], kind='packed', elements=told(array[1:, 2]))
        tell('record ' + order, array.view(np.recarray)[0, 1], kind='packed', elements=told(array[:1, 1]))
mixed = [(name, '><'[n % 2] + code if code[0] not in 'SV?' else code) + tuple(shape)
         for n, (name, code, *shape) in enumerate(PACKED) if isinstance(code, str)]
mixed[7:7] = [('point', [('x', '>f4'), ('y', '<f4')])]
mixed.append(('points', [('x', '<f4'), ('y', '>f4')], (2,)))
array = np.zeros((2, 3), mixed)
for n in range(6):
    array[n // 3, n % 3] = star(n)
tell('packed, mixed orders', array, kind='packed', elements=told(array))

ALIGNED = np.dtype([('small', 'i1'), ('wide', 'f8'), ('tail', 'u2')], align=True)
for order in '<>':
    array = np.zeros(3, ALIGNED.newbyteorder(order))
    for n in range(3):
        array[n] = (-n, n / 8, 60000 + n)
    elements = [list(map(float, e.tolist())) for e in array]
    tell('aligned ' + order, array, kind='aligned', elements=elements)
    tell('aligned, an element ' + order, array[2], kind='aligned', elements=elements[2:])

WRONG = {
    'another name': [('small', 'i1'), ('width', 'f8'), ('tail', 'u2')],
    'another type': [('small', 'i1'), ('wide', 'i8'), ('tail', 'u2')],
    'another field more': [('small', 'i1'), ('wide', 'f8'), ('tail', 'u2'), ('end', 'i1')],
    'a field less': [('small', 'i1'), ('wide', 'f8')],
}
for name, fields in WRONG.items():
    tell('wrong: ' + name, np.zeros(2, np.dtype(fields, align=True)), kind='wrong')
tell('wrong: another offset', np.zeros(2, WRONG['a field less'] + [('tail', 'u2')]), kind='wrong')
tell('wrong: another size', np.zeros(2, {'names': ['small', 'wide', 'tail'], 'formats': ['i1', 'f8', 'u2'], 'offsets': [0, 8, 16], 'itemsize': 32}),
     kind='wrong')
tell('wrong: no fields', np.zeros(2), kind='wrong')
