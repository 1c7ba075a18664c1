//! Arrays.

use ndarray::{ArrayD, Axis, IxDyn, Slice};
use proptest::collection::vec;
use proptest::prelude::*;

use super::dtype::dtypes;
use crate::numpy::{ArrayKind, ByteOrder, DType, Element, ElementKind, Layout, NdArray};
use crate::payload::Payload;

/// Where the elements of an array are.
#[derive(Clone, Copy, Debug)]
enum Order {
    C,
    F,
    /// The axes in an order of their own: turned by so many places.
    Turned(usize),
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::C),
        Just(Order::F),
        (1..4usize).prop_map(Order::Turned)
    ]
}

/// Lengths of up to four axes, with up to 625 elements; some have none.
fn shapes() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1 => Just(0), 8 => 1..=5usize], 0..=4)
}

/// Arrays and scalars of every [dtype](dtypes), in C, F and any other order of axes; some masked, read-only or of the classes matrix and
/// recarray. Shrinks towards an empty array of bools.
///
/// The elements are what NumPy writes itself: bools are 0 or 1, texts are text.
pub fn arrays() -> impl Strategy<Value = NdArray<'static>> {
    let parts = (dtypes(), shapes(), orders(), vec(any::<u8>(), 0..64));
    let kinds = proptest::sample::select(vec![
        ArrayKind::NdArray,
        ArrayKind::Scalar,
        ArrayKind::Matrix,
        ArrayKind::RecArray,
        ArrayKind::Record,
        ArrayKind::Masked,
    ]);
    (parts, kinds, any::<bool>()).prop_map(|((dtype, shape, order, pool), kind, is_read_only)| {
        let array = array(dtype, &shape, order, &pool);
        let array = of_kind(array, kind, order, &pool);
        match is_read_only {
            true => array.read_only(),
            false => array,
        }
    })
}

/// Arrays of ndarray of these elements, of up to four axes: in C, F and any other order of axes, with gaps, and with axes that run
/// backwards.
pub fn arrays_of<T: Element>() -> impl Strategy<Value = ArrayD<T>> {
    let pool = vec(any::<u8>(), 0..64);
    let steps = vec(
        prop_oneof![3 => Just(1isize), 1 => Just(2), 1 => Just(-1), 1 => Just(-2)],
        4,
    );
    (shapes(), orders(), pool, steps).prop_map(|(shape, order, pool, steps)| {
        // OK because the elements here have a dtype, and fit their own type.
        let dtype = T::dtype().expect("a dtype");
        let array = match dtype.subarray() {
            // Elements that are arrays add axes.
            Some(_) => ArrayD::from_shape_fn(IxDyn(&shape), |_| T::zeros(1)[0]),
            None => array(dtype, &shape, order, &pool)
                .to_array()
                .expect("of the type"),
        };
        stepped(array, &steps)
    })
}

/// Every so manieth element along each axis, backwards where the step is negative.
fn stepped<T>(mut array: ArrayD<T>, steps: &[isize]) -> ArrayD<T> {
    for (axis, step) in (0..array.ndim()).zip(steps) {
        array.slice_axis_inplace(Axis(axis), Slice::new(0, None, *step));
    }
    array
}

/// An array whose bytes are those of the pool, over and over, as far as the dtype has such elements.
fn array(dtype: DType, shape: &[usize], order: Order, pool: &[u8]) -> NdArray<'static> {
    // OK because there are at most 625 elements of less than a KiB.
    let layout = layout(shape, order).expect("a small shape");
    let itemsize = dtype.itemsize() as usize;
    let len = layout.size() as usize * itemsize;
    let mut bytes: Vec<u8> = pool.iter().copied().cycle().take(len).collect();
    bytes.resize(len, 0);
    for element in bytes.chunks_mut(itemsize.max(1)) {
        make_valid(&dtype, element);
    }
    NdArray::from_parts(dtype, layout, Payload::from(bytes)).expect("as many bytes")
}

fn layout(shape: &[usize], order: Order) -> crate::Result<Layout> {
    let shape = IxDyn(shape);
    match order {
        Order::C => Layout::contiguous(shape, false),
        Order::F => Layout::contiguous(shape, true),
        Order::Turned(by) => {
            let mut axes: Vec<usize> = (0..ndarray::Dimension::ndim(&shape)).collect();
            let by = by % axes.len().max(1);
            axes.rotate_left(by);
            Layout::transposed(shape, &axes)
        }
    }
}

/// Changes the bytes of an element to such that NumPy writes.
fn make_valid(dtype: &DType, element: &mut [u8]) {
    if let Some(fields) = dtype.fields() {
        for field in fields.iter() {
            let at = field.offset() as usize;
            let len = field.dtype().itemsize() as usize;
            make_valid(field.dtype(), &mut element[at..at + len]);
        }
        return;
    }
    if let Some((base, _)) = dtype.subarray() {
        let len = base.itemsize().max(1) as usize;
        element
            .chunks_mut(len)
            .for_each(|item| make_valid(base, item));
        return;
    }
    match dtype.kind() {
        ElementKind::Bool => element.iter_mut().for_each(|byte| *byte &= 1),
        // Characters below the surrogates.
        ElementKind::Str => element.as_chunks_mut().0.iter_mut().for_each(|unit| {
            *unit = match dtype.byte_order() {
                ByteOrder::Big => (u32::from_be_bytes(*unit) % 0xd800).to_be_bytes(),
                _ => (u32::from_le_bytes(*unit) % 0xd800).to_le_bytes(),
            };
        }),
        // Of one byte only the low half is the number.
        ElementKind::Ml(_) => element.iter_mut().for_each(|byte| *byte &= 7),
        _ => {}
    }
}

/// The array as another class, where that takes it.
fn of_kind(
    array: NdArray<'static>,
    kind: ArrayKind,
    order: Order,
    pool: &[u8],
) -> NdArray<'static> {
    let made = match kind {
        // NumPy has no default fill value for points in time in all units.
        ArrayKind::Masked if array.dtype().fields().is_none() && array.dtype().unit().is_none() => {
            // OK because it is a dtype.
            let mask = "|b1".parse().expect("bool");
            let shape = array.shape().to_vec();
            let own_order = match order {
                Order::Turned(_) => Order::C,
                order => order,
            };
            let mask = self::array(mask, &shape, own_order, pool);
            match array.order() == mask.order() {
                true => array.clone().masked(mask, None),
                false => Ok(array.clone()),
            }
        }
        ArrayKind::Masked => Ok(array.clone()),
        kind => array.clone().into_kind(kind),
    };
    made.unwrap_or(array)
}
