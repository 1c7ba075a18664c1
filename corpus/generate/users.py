# -*- coding: utf-8 -*-
"""What people have on their disks: data sets, estimators, frames, checkpoints."""
from __future__ import print_function
import collections

import models
import numpy as np
from cases import PY2, PYTHON, case


def random(seed):
    return np.random.RandomState(seed)  # the one stream that NumPy never changes


def cifar(count):
    pixels = random(count).randint(0, 256, (count, 3072)).astype('u1')
    return {'data': pixels, 'labels': [int(row[0]) % 10 for row in pixels], 'batch_label': 'training batch 1 of 5',
            'filenames': ['leptodactylus_pentadactylus_s_%06d.png' % (n * 4) for n in range(count)]}


if PY2:
    @case(protocols=(2,))
    def cifar_batch():
        """As cifar-10-batches-py/data_batch_1, which Python 2 wrote."""
        return cifar(16)

    @case(protocols=(0,))
    def cifar_batch_text():
        return cifar(5)

    @case(protocols=(2,), gzip=True)
    def mnist():
        """As mnist.pkl.gz of the deep learning tutorials."""
        def part(seed, count):
            images = random(seed).rand(count, 784).astype('f4')
            images[images < 0.8] = 0
            return images, random(seed + 1).randint(0, 10, count)
        return part(1, 12), part(2, 4), part(3, 4)


@case(protocols=(0, 2, 3, 4, 5), buffers=True)
def estimator():
    """Nested estimators with parameters and fitted attributes, as scikit-learn has them."""
    r = random(4)
    scaler = models.Scaler(with_mean=True, copy=True, mean_=r.rand(4), scale_=r.rand(4), n_samples_seen_=np.int64(150))
    logistic = models.LogisticRegression(
        C=1.0, penalty='l2', random_state=None, coef_=np.asfortranarray(r.rand(3, 4)), intercept_=r.rand(3),
        classes_=np.array([u'setosa', u'versicolor', u'virginica']), n_iter_=np.array([7], 'i4'))
    nodes = np.array([(1, 2, 0, 0.8), (-1, -1, -2, -2.0), (-1, -1, -2, -2.0)],
                     [('left_child', '<i8'), ('right_child', '<i8'), ('feature', '<i8'), ('threshold', '<f8')])
    tree = models.Tree(4, np.array([3]), 1)
    tree.state = {'max_depth': 1, 'node_count': 3, 'nodes': nodes, 'values': r.rand(3, 1, 3)}
    return models.Pipeline(steps=[('scale', scaler), ('clf', logistic)], memory=None, verbose=False,
                           estimators_=np.array([tree, None], object), feature_names_in_=np.array([u'a', u'b'], object))


@case(protocols=(2, 4, 5), buffers=True)
def data_frame():
    """A block manager with pandas' way of saying everything twice."""
    columns = models.Index(np.array([u'x', u'y', u'n', u'name'], object))
    manager = models.BlockManager()
    manager.axes = [columns, models.RangeIndex(0, 3, 1)]
    manager.blocks = [(random(5).rand(2, 3), slice(0, 2, 1)), (np.arange(3).reshape(1, 3), slice(2, 3, 1)),
                      (np.array([[u'a', None, u'c']], object), np.array([3]))]
    return models.DataFrame(manager)


@case(protocols=(2,) if PY2 else (4,), edges=True, gzip=True, tree=False)
def replay_buffer():
    """Ten thousand small arrays: each step's next state is the state of the step that follows."""
    r = random(6)
    states = r.randint(0, 16, (5001, 4)).astype('f4') / 4
    actions = r.randint(0, 2, (5000, 1))
    rows = [state.copy() for state in states]
    return {u'capacity': 5000, u'steps': [(rows[i], actions[i].copy(), 1.0, rows[i + 1], i % 200 == 199) for i in range(5000)]}


@case(buffers=True, pure=5)
def layer_weights():
    """A state dict: one dtype, many shapes, both orders."""
    r = random(7)
    weights = collections.OrderedDict()
    for name, shape in [(u'conv1', (4, 3, 3, 3)), (u'conv2', (2, 4, 1, 1))]:
        weights[name + u'.weight'] = r.rand(*shape).astype('f4')
        weights[name + u'.bias'] = r.rand(shape[0]).astype('f4')
    weights[u'fc.weight'] = np.asfortranarray(r.rand(3, 8).astype('f4'))
    weights[u'fc.half'] = r.rand(3).astype('f2')
    weights[u'steps'] = np.array(1000)
    return weights


@case(protocols=(0, 2, 4))
def embeddings():
    """Words to vectors, a vocabulary, and its inverse."""
    words = [u'the', u'na\xefve', u'\u732b', u'caf\xe9s']
    vectors = np.round(random(8).rand(4, 5), 2)
    return {u'vocabulary': words, u'index': collections.OrderedDict((w, i) for i, w in enumerate(words)),
            u'vectors': vectors, u'rows': collections.OrderedDict((w, vectors[i]) for i, w in enumerate(words))}


def showcase():
    """The file that the README shows; the newest Python alone makes it."""
    r = random(9)

    def weight(*shape):
        return r.normal(0, 0.1, shape).astype('f4')

    embedding = weight(12, 16)
    return {
        'config': {'name': 'tiny-captioner', 'epochs': 3, 'learning_rate': 3e-4, 'betas': (0.9, 0.999), 'resume': None, 'shuffle': True},
        'weights': {
            'embedding': embedding,
            'encoder.conv1': weight(8, 3, 3, 3),
            'encoder.dense': np.asfortranarray(weight(32, 24)),
            'decoder.dense': weight(24, 12),
            'decoder.bias': np.zeros(12, 'f4'),
            'decoder.output': embedding,
        },
        'optimizer': models.Adam(step=np.int64(1200), momentum=weight(24, 12), learning_rate=np.float32(3e-4)),
        'labels': r.randint(0, 12, 40),
        'mask': r.rand(5, 8) < 0.5,
        'vocabulary': np.array(['<pad>', 'a', 'cat', 'sat', 'naïve', '猫']),
        'history': {'loss': [2.31, 1.07, 0.64], 'accuracy': [0.22, 0.61, 0.83]},
        'metrics': [('epoch', 3), ('best', (2, 0.64)), ('diverged', False)],
        'thumbnail': b'\x89PNG\r\n\x1a\n' + bytes(bytearray(range(24))),
        'random seed': 1234,
    }


if PYTHON >= (3, 13):
    case(protocols=(4,))(showcase)
