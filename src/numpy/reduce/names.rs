//! The names that NumPy's versions give to the same things.

use std::borrow::Cow;

use crate::error::Result;
use crate::graph::{Builder, Id, Version};
use crate::names::Known;

impl Builder<'_> {
    /// A class or function of NumPy.
    pub(crate) fn numpy_global(&mut self, known: Known) -> Result<Id> {
        let name = match known {
            Known::Reconstruct => "_reconstruct",
            Known::FromBuffer => "_frombuffer",
            Known::Scalar => "scalar",
            Known::StringDType => "_convert_to_stringdtype_kwargs",
            Known::Matrix => "matrix",
            Known::RecArray => "recarray",
            Known::Record => "record",
            Known::CharArray => "chararray",
            Known::MemMap => "memmap",
            Known::MaskedArray => "MaskedArray",
            Known::DType => "dtype",
            _ => "ndarray",
        };
        let (module, name) = self.numpy_name(known, "numpy", name);
        self.global(&module, name)
    }

    /// The name of a class or function, given that in Python 3, in the flavour's NumPy.
    pub(crate) fn numpy_name<'n>(
        &self,
        known: Known,
        module: &'n str,
        name: &'n str,
    ) -> (Cow<'n, str>, &'n str) {
        // What a compatible spelling does not exist for.
        let only_new = matches!(known, Known::CharArray | Known::StringDType);
        let numpy = match self.flavour().is_compat && only_new {
            true => Version::NEWEST,
            false => self.flavour().numpy,
        };
        let (module, name) = of_version(known, module, name, numpy);
        match (known, name, self.is_py2()) {
            (Known::ScalarType, "bytes_", true) => (module, "string_"),
            (Known::ScalarType, "str_", true) => (module, "unicode_"),
            _ => (module, name),
        }
    }

    /// A ufunc: up to NumPy 1.19 a call, then a name in the module where Python found it first (`whichmodule` in CPython's
    /// `_pickle.c`; from 3.8 on it looks at the modules in another order).
    pub(crate) fn ufunc(&mut self, name: &str) -> Result<Id> {
        let (numpy, python) = (self.flavour().numpy, self.flavour().python);
        let is_top = !python.is_from(3, 8, 0) || numpy.is_from(2, 2, 0);
        let module = match is_top {
            true => "numpy".to_owned(),
            false => format!("{}._multiarray_umath", self.core()),
        };
        if numpy.is_from(1, 20, 0) {
            return self.global(&module, name);
        }
        let callable = self.global("numpy.core", "_ufunc_reconstruct")?;
        let (module, name) = (self.module(&module)?, self.wtf8(name.as_bytes())?);
        self.call(callable, &[module, name], None)
    }

    /// `numpy.core`, or what it is from NumPy 2.0 on.
    pub(crate) fn core(&self) -> &'static str {
        match self.flavour().numpy.is_from(2, 0, 0) {
            true => "numpy._core",
            false => "numpy.core",
        }
    }
}

fn of_version<'n>(
    known: Known,
    module: &'n str,
    name: &'n str,
    numpy: Version,
) -> (Cow<'n, str>, &'n str) {
    let is_2 = numpy.is_from(2, 0, 0);
    let core = if is_2 { "numpy._core" } else { "numpy.core" };
    let is_from = |minor| numpy.is_from(1, minor, 0);
    let module = match known {
        Known::Reconstruct | Known::Scalar => return (format!("{core}.multiarray").into(), name),
        Known::FromBuffer => return (format!("{core}.numeric").into(), name),
        Known::StringDType => return (format!("{core}._internal").into(), name),
        Known::Matrix if !is_from(16) => "numpy.matrixlib.defmatrix",
        Known::CharArray if !is_from(16) => "numpy.core.defchararray",
        Known::MemMap if !is_from(16) => "numpy.core.memmap",
        Known::RecArray if is_2 => "numpy.rec",
        Known::CharArray if is_2 => "numpy.char",
        Known::MaskedArray if is_2 => "numpy.ma",
        Known::MaskedArray => "numpy.ma.core",
        Known::NdArray
        | Known::DType
        | Known::Record
        | Known::Matrix
        | Known::RecArray
        | Known::CharArray
        | Known::MemMap => "numpy",
        Known::Poly1d if !is_from(16) => "numpy.lib.polynomial",
        Known::Poly1d => "numpy",
        Known::ScalarType => {
            let name = match name {
                "bool" | "bool_" | "bool8" if is_2 => "bool",
                "bool" | "bool_" | "bool8" => "bool_",
                "float128" | "longdouble" if is_from(25) => "longdouble",
                "float128" | "longdouble" => "float128",
                "complex256" | "clongdouble" if is_from(25) => "clongdouble",
                "complex256" | "clongdouble" => "complex256",
                "unicode_" => "str_",
                "string_" => "bytes_",
                name => name,
            };
            return ("numpy".into(), name);
        }
        _ => module,
    };
    (module.into(), name)
}
