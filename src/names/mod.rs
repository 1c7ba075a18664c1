//! The known globals: names that pickles of data hold, with what they mean here. One list for reader and writer.
//!
//! Nothing is ever imported or called: a name either is in this list and has a meaning in this crate, or it is kept as a
//! name. The spellings are those that NumPy 1.10 to 2.5 and CPython 2.7 to 3.13 were seen to write.

pub(crate) mod compat;
mod families;

/// What kind of name a global is, for people who decide whether to load a file in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A builtin or standard type that only holds data.
    Data,
    /// A type or reconstructor of NumPy (or ml_dtypes) that only holds data.
    NumPy,
    /// Anything else: loading it in Python runs code this crate knows nothing about.
    Other,
}

macro_rules! known {
    ($($(#[doc = $doc:literal])+ $variant:ident: $origin:ident = $($module:literal $name:literal),+;)*) => {
        /// A known global. `Unknown` is every other one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Known {
            /// Not in the list.
            Unknown,
            /// A scalar type of NumPy, such as `numpy float64`.
            ScalarType,
            /// A scalar type of ml_dtypes, such as `ml_dtypes bfloat16`.
            UserScalarType,
            /// A class of a dtype: `numpy.dtypes Float64DType`.
            DTypeClass,
            /// A ufunc of NumPy: `numpy add`, up to NumPy 2.1 in the module that defines it.
            Ufunc,
            /// An exception of Python's own.
            Exception,
            $($(#[doc = $doc])+ $variant,)*
        }

        impl Known {
            const ALL: &'static [Known] = &[
                Known::Unknown, Known::ScalarType, Known::UserScalarType, Known::DTypeClass, Known::Ufunc,
                Known::Exception,
                $(Known::$variant,)*
            ];

            /// What the global of this module and qualified name is.
            pub(crate) fn of(module: &[u8], name: &[u8]) -> Known {
                let (Ok(module), Ok(name)) = (std::str::from_utf8(module), std::str::from_utf8(name)) else {
                    return Known::Unknown;
                };
                match (module, name) {
                    $($(($module, $name))|+ => Known::$variant,)*
                    _ => Known::family(module, name),
                }
            }

            /// What kind of name it is.
            pub(crate) fn origin(self) -> Origin {
                match self {
                    Known::Unknown => Origin::Other,
                    Known::ScalarType | Known::UserScalarType | Known::DTypeClass | Known::Ufunc => Origin::NumPy,
                    Known::Exception => Origin::Data,
                    $(Known::$variant => Origin::$origin,)*
                }
            }
        }
    };
}

known! {
    /// `_reconstruct(class, shape, typecode)`: an empty array for the state that follows.
    Reconstruct: NumPy = "numpy.core.multiarray" "_reconstruct", "numpy._core.multiarray" "_reconstruct",
        "numpy.core._multiarray_umath" "_reconstruct", "numpy._core._multiarray_umath" "_reconstruct",
        "numpy.core._internal" "_reconstruct";
    /// `_frombuffer(buffer, dtype, shape, order[, axis_order])`: protocol 5, NumPy 1.16 and later.
    FromBuffer: NumPy = "numpy.core.numeric" "_frombuffer", "numpy._core.numeric" "_frombuffer";
    /// `scalar(dtype, bytes)`.
    Scalar: NumPy = "numpy.core.multiarray" "scalar", "numpy._core.multiarray" "scalar",
        "numpy.core._multiarray_umath" "scalar", "numpy._core._multiarray_umath" "scalar";
    /// The array class itself.
    NdArray: NumPy = "numpy" "ndarray", "numpy.core.multiarray" "ndarray", "numpy._core.multiarray" "ndarray";
    /// `dtype(spec, align, copy)`.
    DType: NumPy = "numpy" "dtype", "numpy.core.multiarray" "dtype", "numpy._core.multiarray" "dtype";
    /// The scalar of structured arrays with attribute access.
    Record: NumPy = "numpy" "record", "numpy.core.records" "record", "numpy.rec" "record";
    /// Up to NumPy 1.15 `numpy.matrixlib.defmatrix`.
    Matrix: NumPy = "numpy" "matrix", "numpy.matrixlib.defmatrix" "matrix", "numpy.core.defmatrix" "matrix";
    /// From NumPy 2.0 `numpy.rec`.
    RecArray: NumPy = "numpy" "recarray", "numpy.rec" "recarray", "numpy.core.records" "recarray";
    /// From NumPy 2.0 `numpy.char`.
    CharArray: NumPy = "numpy" "chararray", "numpy.char" "chararray", "numpy.core.defchararray" "chararray";
    /// Up to NumPy 1.15 `numpy.core.memmap`.
    MemMap: NumPy = "numpy" "memmap", "numpy.core.memmap" "memmap";
    /// `_mareconstruct(class, base, shape, typecode)`.
    MaReconstruct: NumPy = "numpy.ma.core" "_mareconstruct";
    /// From NumPy 2.0 `numpy.ma`.
    MaskedArray: NumPy = "numpy.ma.core" "MaskedArray", "numpy.ma" "MaskedArray";
    /// `_mrreconstruct(class, base, shape, typecode)`.
    MrReconstruct: NumPy = "numpy.ma.mrecords" "_mrreconstruct";
    /// A masked array with attributes for fields.
    MaskedRecords: NumPy = "numpy.ma.mrecords" "MaskedRecords", "numpy.ma.mrecords" "mrecarray";
    /// The class of `numpy.ma.masked`.
    MaskedConstant: NumPy = "numpy.ma.core" "MaskedConstant";
    /// A masked structured scalar.
    MaskedVoid: NumPy = "numpy.ma.core" "mvoid";
    /// `_convert_to_stringdtype_kwargs(coerce[, na_object])`.
    StringDType: NumPy = "numpy._core._internal" "_convert_to_stringdtype_kwargs",
        "numpy.core._internal" "_convert_to_stringdtype_kwargs";
    /// `_DType_reconstruct(scalar type)`: NumPy 1.20 to 1.24.
    DTypeReconstruct: NumPy = "numpy.core" "_DType_reconstruct";
    /// `_ufunc_reconstruct(module, name)`: up to NumPy 1.19.
    UfuncReconstruct: NumPy = "numpy.core" "_ufunc_reconstruct";
    /// Polynomials of the old interface.
    Poly1d: NumPy = "numpy" "poly1d", "numpy.lib.polynomial" "poly1d", "numpy.lib._polynomial_impl" "poly1d";
    /// Polynomials: a state of coefficients, domain and window.
    Polynomial: NumPy = "numpy.polynomial.polynomial" "Polynomial", "numpy.polynomial.chebyshev" "Chebyshev",
        "numpy.polynomial.hermite" "Hermite", "numpy.polynomial.hermite_e" "HermiteE",
        "numpy.polynomial.laguerre" "Laguerre", "numpy.polynomial.legendre" "Legendre";

    /// `__RandomState_ctor()` up to NumPy 1.16, `__randomstate_ctor(bit generator[, constructor])` from 1.17.
    RandomStateCtor: NumPy = "numpy.random" "__RandomState_ctor", "numpy.random._pickle" "__randomstate_ctor";
    /// `__generator_ctor(bit generator[, constructor])`.
    GeneratorCtor: NumPy = "numpy.random._pickle" "__generator_ctor";
    /// `__bit_generator_ctor(name)` up to NumPy 1.26, `__bit_generator_ctor(class)` from 2.0.
    BitGeneratorCtor: NumPy = "numpy.random._pickle" "__bit_generator_ctor";
    /// `__pyx_unpickle_SeedSequence(class, checksum, state or None)`; the odd module is NumPy 1.18's.
    SeedSequenceCtor: NumPy = "numpy.random.bit_generator" "__pyx_unpickle_SeedSequence",
        "numpy.random._bit_generator" "__pyx_unpickle_SeedSequence";
    /// `__pyx_unpickle_SeedlessSeedSequence(class, checksum, ())`.
    SeedlessCtor: NumPy = "numpy.random.bit_generator" "__pyx_unpickle_SeedlessSeedSequence",
        "numpy.random._bit_generator" "__pyx_unpickle_SeedlessSeedSequence";
    /// The class; here and below the module without `_` is NumPy 1.17's.
    Mt19937: NumPy = "numpy.random._mt19937" "MT19937", "numpy.random.mt19937" "MT19937", "numpy.random" "MT19937";
    /// The class.
    Pcg64: NumPy = "numpy.random._pcg64" "PCG64", "numpy.random.pcg64" "PCG64", "numpy.random" "PCG64";
    /// The class, from NumPy 1.21.
    Pcg64Dxsm: NumPy = "numpy.random._pcg64" "PCG64DXSM", "numpy.random" "PCG64DXSM";
    /// The class.
    Philox: NumPy = "numpy.random._philox" "Philox", "numpy.random.philox" "Philox", "numpy.random" "Philox";
    /// The class.
    Sfc64: NumPy = "numpy.random._sfc64" "SFC64", "numpy.random.sfc64" "SFC64", "numpy.random" "SFC64";
    /// The other classes of `numpy.random`; `mtrand` is that of NumPy up to 1.16.
    RandomClass: NumPy = "mtrand" "RandomState", "numpy.random.mtrand" "RandomState", "numpy.random" "RandomState",
        "numpy.random._generator" "Generator", "numpy.random.generator" "Generator", "numpy.random" "Generator",
        "numpy.random.bit_generator" "SeedSequence", "numpy.random._bit_generator" "SeedSequence",
        "numpy.random" "SeedSequence", "numpy.random.bit_generator" "SeedlessSeedSequence",
        "numpy.random._bit_generator" "SeedlessSeedSequence";

    /// `_codecs.encode(text, 'latin1')`: how protocols 0 to 2 of Python 3 spell bytes.
    Encode: Data = "_codecs" "encode";
    /// How those spell empty bytes.
    Bytes: Data = "__builtin__" "bytes", "builtins" "bytes";
    /// Below protocol 5.
    ByteArray: Data = "__builtin__" "bytearray", "builtins" "bytearray";
    /// Below protocol 4.
    Set: Data = "__builtin__" "set", "builtins" "set";
    /// Below protocol 4.
    FrozenSet: Data = "__builtin__" "frozenset", "builtins" "frozenset";
    /// `complex(re, im)`.
    Complex: Data = "__builtin__" "complex", "builtins" "complex";
    /// Also Python 2's xrange.
    Range: Data = "__builtin__" "xrange", "builtins" "range", "__builtin__" "range";
    /// `slice(start, stop, step)`.
    Slice: Data = "__builtin__" "slice", "builtins" "slice";
    /// Types and constants of Python that are data by themselves.
    Builtin: Data = "__builtin__" "object", "builtins" "object", "__builtin__" "int", "builtins" "int",
        "__builtin__" "long", "__builtin__" "float", "builtins" "float", "__builtin__" "str", "builtins" "str",
        "__builtin__" "unicode", "__builtin__" "bool", "builtins" "bool", "__builtin__" "list", "builtins" "list",
        "__builtin__" "tuple", "builtins" "tuple", "__builtin__" "dict", "builtins" "dict";
    /// `type(None)`.
    Type: Data = "__builtin__" "type", "builtins" "type";
    /// The constant.
    Ellipsis: Data = "__builtin__" "Ellipsis", "builtins" "Ellipsis";
    /// The constant.
    NotImplemented: Data = "__builtin__" "NotImplemented", "builtins" "NotImplemented";
    /// `getattr(object, name)`: gets at anything.
    GetAttr: Other = "__builtin__" "getattr", "builtins" "getattr";
    /// `functools.partial`: calls anything.
    Partial: Other = "functools" "partial";
    /// `_load_type(name)` of dill: gets at any type of Python's own.
    LoadType: Other = "dill._dill" "_load_type", "dill.dill" "_load_type";
    /// `_reconstructor(class, base, state)`: new style classes below protocol 2.
    Reconstructor: Data = "copy_reg" "_reconstructor", "copyreg" "_reconstructor";
    /// `__newobj__(class, *args)` where no NEWOBJ is written.
    NewObj: Data = "copy_reg" "__newobj__", "copyreg" "__newobj__";
    /// `__newobj_ex__(class, args, kwargs)` where no NEWOBJ_EX is written.
    NewObjEx: Data = "copy_reg" "__newobj_ex__", "copyreg" "__newobj_ex__";
    /// A dict that remembers its order.
    OrderedDict: Data = "collections" "OrderedDict";
    /// A dict with a factory.
    DefaultDict: Data = "collections" "defaultdict";
    /// A dict of counts.
    Counter: Data = "collections" "Counter";
    /// A double-ended queue.
    Deque: Data = "collections" "deque";
    /// Dates and times.
    DateTime: Data = "datetime" "datetime";
    /// A day.
    Date: Data = "datetime" "date";
    /// A time of day.
    Time: Data = "datetime" "time";
    /// A span of time.
    TimeDelta: Data = "datetime" "timedelta";
    /// A fixed offset from UTC.
    TimeZone: Data = "datetime" "timezone";
    /// A time zone by its key.
    ZoneInfo: Data = "zoneinfo" "ZoneInfo";
    /// A decimal number.
    Decimal: Data = "decimal" "Decimal", "_decimal" "Decimal";
    /// A ratio of ints.
    Fraction: Data = "fractions" "Fraction";
    /// A UUID; its state is an int.
    Uuid: Data = "uuid" "UUID";
    /// An enum in the state of a UUID.
    SafeUuid: Data = "uuid" "SafeUUID";
    /// Paths: plain names.
    Path: Data = "pathlib" "PosixPath", "pathlib" "WindowsPath", "pathlib" "PurePosixPath", "pathlib" "PureWindowsPath",
        "pathlib._local" "PosixPath", "pathlib._local" "WindowsPath", "pathlib._local" "PurePosixPath",
        "pathlib._local" "PureWindowsPath";
}

impl Known {
    /// Whether it is the name of something made in C: then the name is a text that is no other's.
    pub(crate) fn is_native(self) -> bool {
        matches!(
            self,
            Known::Reconstruct
                | Known::Scalar
                | Known::NdArray
                | Known::DType
                | Known::ScalarType
                | Known::UserScalarType
                | Known::Encode
                | Known::Bytes
                | Known::ByteArray
                | Known::Set
                | Known::FrozenSet
                | Known::Complex
                | Known::Range
                | Known::Slice
                | Known::Builtin
                | Known::OrderedDict
                | Known::DefaultDict
                | Known::Deque
                | Known::Date
                | Known::Time
                | Known::DateTime
                | Known::TimeDelta
                | Known::TimeZone
        )
    }

    pub(crate) fn from_aux(aux: u8) -> Known {
        Known::ALL
            .get(usize::from(aux))
            .copied()
            .unwrap_or(Known::Unknown)
    }

    pub(crate) fn aux(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known() {
        for (module, name, known, origin) in [
            (
                "numpy.core.multiarray",
                "_reconstruct",
                Known::Reconstruct,
                Origin::NumPy,
            ),
            (
                "numpy._core.numeric",
                "_frombuffer",
                Known::FromBuffer,
                Origin::NumPy,
            ),
            ("numpy", "float64", Known::ScalarType, Origin::NumPy),
            (
                "ml_dtypes",
                "bfloat16",
                Known::UserScalarType,
                Origin::NumPy,
            ),
            (
                "numpy.random._pickle",
                "__generator_ctor",
                Known::GeneratorCtor,
                Origin::NumPy,
            ),
            ("mtrand", "RandomState", Known::RandomClass, Origin::NumPy),
            ("numpy.random", "seed", Known::Unknown, Origin::Other),
            ("__builtin__", "set", Known::Set, Origin::Data),
            ("exceptions", "ValueError", Known::Exception, Origin::Data),
            ("builtins", "getattr", Known::GetAttr, Origin::Other),
            (
                "numpy.testing._private.utils",
                "runstring",
                Known::Unknown,
                Origin::Other,
            ),
            ("numpy", "load", Known::Unknown, Origin::Other),
            ("builtins", "eval", Known::Unknown, Origin::Other),
            ("os", "system", Known::Unknown, Origin::Other),
        ] {
            let found = Known::of(module.as_bytes(), name.as_bytes());
            assert_eq!((found, found.origin()), (known, origin), "{module} {name}");
            assert_eq!(Known::from_aux(found.aux()), found);
        }
    }
}
