"""The other side of worker.rs: reads requests from standard input and answers them on standard output."""

import pickle
import struct
import sys

import numpy

OPS = {
    "sort": lambda array: numpy.sort(array, axis=0),
    "gram": lambda array: array.T @ array,
}


def read(length):
    data = bytearray(length)
    if sys.stdin.buffer.readinto(data) < length:
        sys.exit()  # The other side has ended.
    return data


def receive():
    size, count = struct.unpack("<QQ", read(16))
    lengths = struct.unpack(f"<{count}Q", read(8 * count))
    data = read(size)
    return pickle.loads(data, buffers=[read(length) for length in lengths])


def send(message):
    buffers = []
    data = pickle.dumps(message, 5, buffer_callback=lambda buffer: buffers.append(buffer.raw()))
    lengths = [len(data), len(buffers), *map(len, buffers)]
    for part in struct.pack(f"<{len(lengths)}Q", *lengths), data, *buffers:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


# Without a suffix such as rc1.
numpy_version = numpy.lib.NumpyVersion(numpy.__version__).version
send({"python": "{}.{}.{}".format(*sys.version_info), "numpy": numpy_version})
while True:
    request = receive()
    answer = {"id": request["id"], "array": None, "error": None}
    try:
        answer["array"] = OPS[request["op"]](request["array"])
    except Exception as error:
        answer["error"] = repr(error)
    send(answer)
