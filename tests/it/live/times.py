"""Points in time and spans of it, of every unit, with their text."""
import random
import warnings

import numpy as np

from told import array_told, tell

UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as']
# Beyond these NumPy's own text overflows: it counts days, and four times them, in 64 bits.
LARGEST = {'Y': 2 ** 63 - 3000, 'W': 2 ** 58, 'D': 2 ** 61 - 2 ** 20}
NAT = -2 ** 63

warnings.simplefilter('ignore')


def samples(unit, count):
    largest = LARGEST.get(unit, 2 ** 63 - 1) // count
    r = random.Random(unit + str(count))
    numbers = [0, 1, -1, 11, 12, -12, -13, 59, 60, 365, 366, 1000, -1970, -1971, -1972, -719528, -719529, -25567, 11016, 19782, 2932896]
    numbers += [r.randrange(-10 ** digits, 10 ** digits) for digits in range(2, 19)] + [largest, -largest]
    return [number for number in numbers if abs(number) <= largest] + [NAT]


for unit in UNITS:
    for count in (1, 2, 25, 1000):
        numbers = np.array(samples(unit, count), 'i8')
        for kind in 'Mm':
            for order in '<>':
                dtype = np.dtype('%s8[%d%s]' % (kind, count, unit)).newbyteorder(order)
                array = numbers.astype(dtype.newbyteorder('=')).astype(dtype)
                texts = [str(value) for value in array]
                # From the array: an older NumPy changes some on their way into it.
                counts = array.view(np.dtype('i8').newbyteorder(order)).tolist()
                tell(dtype.str, array, texts=texts, numbers=[None if n == NAT else str(n) for n in counts],
                     unit=np.datetime_data(dtype)[0], **array_told(array))
for value in (np.datetime64('2024-02-29T12:30:15.5'), np.timedelta64(-5, 'ms'), np.datetime64('NaT', 's'), np.timedelta64('NaT')):
    number = int(np.array(value).view('i8'))
    tell(repr(value), value, texts=[str(value)], numbers=[None if number == NAT else str(number)], unit=np.datetime_data(value.dtype)[0],
         **array_told(value))
