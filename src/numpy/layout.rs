//! Where the elements of an array are in its data.

use ndarray::{Dimension, IxDyn, ShapeBuilder, StrideShape};

use crate::error::{Error, Result};

/// How many dimensions NumPy allows (`NPY_MAXDIMS` of NumPy 2; 32 before).
pub(super) const MAX_DIMS: usize = 64;

/// The order of the elements in the data, as `arrays` of the command shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last axis is the fastest; also arrays with one order only: empty ones, and those of one axis or less.
    C,
    /// The first axis is the fastest.
    F,
    /// A permutation of axes that is neither: NumPy 2.3 and later, protocol 5.
    K,
}

/// The shape of an array and the order of its axes in the data. The elements fill the data without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    shape: IxDyn,
    size: u64,
    axes: Axes,
}

/// Which axis is how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Axes {
    /// The last is the fastest.
    C,
    /// The first is the fastest.
    F,
    /// The strides of `reshape(…).transpose(…)`.
    Strided(Box<IxDyn>),
}

impl Layout {
    /// A layout in C or F order.
    #[inline]
    pub(crate) fn contiguous(shape: IxDyn, fortran: bool) -> Result<Layout> {
        let size = size_of_shape(shape.slice())?;
        Ok(Layout {
            shape,
            size,
            axes: if fortran { Axes::F } else { Axes::C },
        })
    }

    /// The layout of `reshape(shape).transpose(axes)`, as `_frombuffer` makes it of order K.
    pub(crate) fn transposed(shape: IxDyn, axes: &[usize]) -> Result<Layout> {
        let whole = Layout::contiguous(shape, false)?;
        let mut seen = 0u64;
        let is_permutation = axes.len() == whole.shape.ndim()
            && axes.iter().all(|axis| {
                let new = *axis < axes.len() && seen & (1 << axis) == 0;
                seen |= 1u64.checked_shl(*axis as u32).unwrap_or(0);
                new
            });
        if !is_permutation {
            return Err(Error::data("the axis order is no permutation of the axes"));
        }
        let steps = whole.strides();
        let (mut shape, mut strides) = (whole.shape.clone(), whole.shape.clone());
        for (n, axis) in axes.iter().enumerate() {
            (shape[n], strides[n]) = (whole.shape[*axis], steps[*axis]);
        }
        Ok(Layout {
            shape,
            size: whole.size,
            axes: Axes::Strided(Box::new(strides)),
        })
    }

    /// The layout of an array in memory that has no gaps.
    pub(super) fn strided(shape: IxDyn, strides: Vec<usize>) -> Result<Layout> {
        let whole = Layout::contiguous(shape, false)?;
        Ok(Layout {
            axes: Axes::Strided(Box::new(IxDyn(&strides))),
            ..whole
        })
    }

    /// The shape of the data with the slowest axis first, and for each axis where it is in that: what `_frombuffer` takes for
    /// order `K`. Axes of the same step stay in order (`array_reduce_ex_picklebuffer` in NumPy's `methods.c`).
    pub(super) fn k_order(&self) -> (Vec<usize>, Vec<usize>) {
        let strides = self.strides();
        let mut order: Vec<usize> = (0..strides.len()).collect();
        order.sort_by_key(|axis| std::cmp::Reverse(strides[*axis]));
        let mut places = vec![0; order.len()];
        (order.iter().enumerate()).for_each(|(n, axis)| places[*axis] = n);
        let shape = order.iter().map(|axis| self.shape[*axis]).collect();
        (shape, places)
    }

    /// Whether the bytes of the elements could be in memory, also where an axis is empty: NumPy asks that of all shapes.
    pub(super) fn check_bytes(&self, itemsize: u64) -> Result<()> {
        let filled = self.shape.slice().iter().filter(|len| **len > 0);
        let bytes = filled
            .map(|len| *len as u64)
            .try_fold(itemsize, u64::checked_mul);
        match bytes {
            Some(bytes) if bytes <= isize::MAX as u64 => Ok(()),
            _ => Err(too_large()),
        }
    }

    /// Lengths of the axes, as ndarray has them.
    pub(super) fn dims(&self) -> &IxDyn {
        &self.shape
    }

    /// Lengths of the axes.
    #[inline]
    pub fn shape(&self) -> &[usize] {
        self.shape.slice()
    }

    /// Steps of the axes, in elements.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![0; self.shape.ndim()];
        let mut step = 1;
        // OK because the product without zeros was found to fit.
        let mut next = |axis: usize| {
            strides[axis] = step;
            step *= self.shape[axis].max(1);
        };
        match &self.axes {
            Axes::C => (0..self.shape.ndim()).rev().for_each(&mut next),
            Axes::F => (0..self.shape.ndim()).for_each(&mut next),
            Axes::Strided(strides) => return strides.slice().to_vec(),
        }
        strides
    }

    /// Number of elements.
    #[inline]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The order of the elements.
    #[inline]
    pub fn order(&self) -> Order {
        match &self.axes {
            Axes::C => Order::C,
            // With at most one axis of more than one element the orders are the same; so they are where there is none.
            Axes::F
                if self.size == 0
                    || self.shape.slice().iter().filter(|len| **len > 1).count() < 2 =>
            {
                Order::C
            }
            Axes::F => Order::F,
            Axes::Strided(strides) if self.fits(strides, false) => Order::C,
            Axes::Strided(strides) if self.fits(strides, true) => Order::F,
            Axes::Strided(_) => Order::K,
        }
    }

    /// Whether strides are those of an order; axes of one element have any stride, and so have empty arrays.
    fn fits(&self, strides: &IxDyn, fortran: bool) -> bool {
        let mut expected = 1;
        let mut axis_fits = |axis: usize| {
            let fits = self.shape[axis] == 1 || strides[axis] == expected;
            expected *= self.shape[axis].max(1);
            fits
        };
        let axes = self.shape.ndim();
        self.size == 0
            || if fortran {
                (0..axes).all(&mut axis_fits)
            } else {
                (0..axes).rev().all(&mut axis_fits)
            }
    }

    /// Shape and strides as ndarray takes them.
    #[inline]
    pub(crate) fn to_ndarray<D: Dimension>(&self) -> Option<StrideShape<D>> {
        let shape = D::from_dimension(&self.shape)?;
        match self.order() {
            Order::C => Some(shape.into()),
            Order::F => Some(shape.f().into()),
            Order::K => Some(shape.strides(D::from_dimension(&IxDyn(&self.strides()))?)),
        }
    }

    /// Calls `f` with the position in the data of each element, in C order.
    pub(crate) fn positions(&self, f: impl FnMut(usize)) {
        if self.size > 0 {
            positions(self.shape(), &self.strides(), f);
        }
    }
}

/// Calls `f` with the position of each element, in C order, where axes are stepped along so far. No axis is empty.
pub(super) fn positions(shape: &[usize], strides: &[usize], mut f: impl FnMut(usize)) {
    // The last axis is a loop of its own: it is where the time goes.
    let (Some((len, outer)), Some((stride, outer_strides))) =
        (shape.split_last(), strides.split_last())
    else {
        return f(0);
    };
    let mut index = IxDyn::zeros(outer.len());
    let mut position = 0;
    loop {
        for n in 0..*len {
            f(position + n * stride);
        }
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            position += outer_strides[axis];
            if index[axis] < outer[axis] {
                break;
            }
            position -= outer_strides[axis] * outer[axis];
            index[axis] = 0;
        }
    }
}

/// Number of elements; the product of the axes that are not empty must fit even where another one is.
fn size_of_shape(shape: &[usize]) -> Result<u64> {
    if shape.len() > MAX_DIMS {
        return Err(Error::data(format!(
            "{} dimensions, NumPy allows {MAX_DIMS}",
            shape.len()
        )));
    }
    let filled = shape
        .iter()
        .filter(|n| **n > 0)
        .try_fold(1u64, |product, n| product.checked_mul(*n as u64));
    match filled.filter(|size| *size <= isize::MAX as u64) {
        Some(_) if shape.contains(&0) => Ok(0),
        Some(size) => Ok(size),
        None => Err(too_large()),
    }
}

#[cold]
fn too_large() -> Error {
    Error::data("the shape has more elements than memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expectations: `flags` and `strides` of NumPy 2.4.
    #[test]
    fn orders() {
        for (shape, fortran, order) in [
            (&[2, 3][..], false, Order::C),
            (&[2, 3], true, Order::F),
            (&[3, 1], true, Order::C),
            (&[1, 3, 1], true, Order::C),
            (&[2, 0, 3], true, Order::C),
            (&[], true, Order::C),
        ] {
            assert_eq!(
                Layout::contiguous(IxDyn(shape), fortran)
                    .expect("small")
                    .order(),
                order,
                "{shape:?}"
            );
        }
        let k = Layout::transposed(IxDyn(&[2, 3, 4]), &[0, 2, 1]).expect("small");
        assert_eq!(
            (k.shape(), &k.strides()[..], k.order()),
            (&[2, 4, 3][..], &[12, 1, 4][..], Order::K)
        );
        assert!(Layout::transposed(IxDyn(&[2, 3]), &[0, 0]).is_err());
        assert!(Layout::transposed(IxDyn(&[2, 3]), &[0, 2]).is_err());
        assert!(Layout::transposed(IxDyn(&[2, 3]), &[0]).is_err());
    }

    #[test]
    fn impossible_shapes() {
        assert!(Layout::contiguous(IxDyn(&[1 << 40, 1 << 40, 0]), false).is_err());
        assert!(Layout::contiguous(IxDyn(&[1; 65]), false).is_err());
        assert_eq!(
            Layout::contiguous(IxDyn(&[1; 64]), false)
                .expect("small")
                .size(),
            1
        );
        assert_eq!(
            Layout::contiguous(IxDyn(&[1 << 40, 0]), false)
                .expect("empty")
                .size(),
            0
        );
    }

    #[test]
    fn positions_in_c_order() {
        let collect = |layout: Layout| {
            let mut positions = Vec::new();
            layout.positions(|position| positions.push(position));
            positions
        };
        assert_eq!(
            collect(Layout::contiguous(IxDyn(&[2, 3]), true).expect("small")),
            [0, 2, 4, 1, 3, 5]
        );
        assert_eq!(
            collect(Layout::contiguous(IxDyn(&[]), false).expect("small")),
            [0]
        );
        assert_eq!(
            collect(Layout::contiguous(IxDyn(&[0, 2]), false).expect("small")),
            []
        );
    }
}
