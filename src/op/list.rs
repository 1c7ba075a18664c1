//! The one list of the 68 opcodes. Everything that knows an opcode byte is made from it.
//!
//! Facts: `opcodes` in CPython's `Lib/pickletools.py`; a test compares the two.

use super::shape::{self, Argument, Input};
use crate::error::{Error, ErrorKind, Result};

/// What an opcode takes from the stack or puts on it, in pickletools' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // OK because each is the Python type of the same name, but for the five below.
pub enum Item {
    /// Any object.
    Any,
    /// The marker that MARK pushes.
    Mark,
    /// Everything above the topmost marker.
    StackSlice,
    /// Python 2 str.
    BytesOrStr,
    /// An int, or a bool spelled `I00` or `I01`.
    IntOrBool,
    None,
    Bool,
    Int,
    Float,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Buffer,
}

/// An input that carries out its opcodes as they are decoded.
pub(crate) trait Act: Input {
    /// What an opcode comes to.
    type Outcome;

    /// Carries out an opcode, of this protocol.
    fn act(&mut self, op: Op<Self::Bytes>, protocol: u8) -> Result<Self::Outcome>;

    /// Carries out an opcode of those that are met for nearly every value (`often` in the list). To be inlined: then
    /// one jump leads to each of them, where decoding and matching takes two, and the second was mispredicted often enough
    /// to double the time for a list of ints of mixed sizes.
    fn act_often(&mut self, op: Op<Self::Bytes>, protocol: u8) -> Result<Self::Outcome>;
}

macro_rules! opcodes {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident $(($shape:ident: $arg:ty))? = $byte:literal, $name:literal, $proto:literal,
            [$($before:ident)*] -> [$($after:ident)*] $(, $often:ident)?;
    )*) => {
        /// An opcode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant = $byte,)*
        }

        impl Code {
            /// All opcodes, in the order of pickletools.
            pub const ALL: [Code; 68] = [$(Code::$variant),*];

            /// The opcode that this byte is.
            pub fn from_byte(byte: u8) -> Option<Code> {
                match byte {
                    $($byte => Some(Code::$variant),)*
                    _ => None,
                }
            }

            /// The byte of this opcode.
            pub const fn byte(self) -> u8 {
                self as u8
            }

            /// The name in pickletools and `pickle.py`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)*
                }
            }

            /// The protocol that brought this opcode.
            pub const fn protocol(self) -> u8 {
                match self {
                    $(Code::$variant => $proto,)*
                }
            }

            /// What it takes from the stack; the last is the topmost.
            pub const fn before(self) -> &'static [Item] {
                match self {
                    $(Code::$variant => &[$(Item::$before),*],)*
                }
            }

            /// What it leaves on the stack.
            pub const fn after(self) -> &'static [Item] {
                match self {
                    $(Code::$variant => &[$(Item::$after),*],)*
                }
            }
        }

        /// An opcode with its argument. Byte strings are `B`: raw, as they stand in the pickle, without the length or
        /// the newline that delimits them.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Op<B> {
            $($(#[doc = $doc])+ $variant $(($arg))?,)*
        }

        impl<B> Op<B> {
            /// Which opcode this is.
            pub fn code(&self) -> Code {
                match self {
                    $(opcodes!(@pattern $variant $($shape)?) => Code::$variant,)*
                }
            }

            /// The argument by its shape.
            pub fn argument(self) -> Argument<B> {
                match self {
                    $(opcodes!(@bind $variant value $($shape)?) => opcodes!(@argument value $($shape)?),)*
                }
            }

            /// Appends the bytes of the opcode and its argument.
            pub fn encode(&self, out: &mut Vec<u8>)
            where
                B: AsRef<[u8]>,
            {
                out.push(self.code().byte());
                match self {
                    $(opcodes!(@bind $variant value $($shape)?) => opcodes!(@write value out $($shape)?),)*
                }
            }
        }

        /// Reads one opcode and its argument.
        ///
        /// # Errors
        ///
        /// Category `Eof` with the offset of the opcode when the input ends inside it; `Syntax` for a byte that is no
        /// opcode and for a negative length; what the input itself reports.
        #[inline(always)]
        pub fn decode<R: Input>(input: &mut R) -> Result<Op<R::Bytes>> {
            let at = input.position();
            let [byte] = match input.array() {
                Ok(byte) => byte,
                Err(error) => return Err(error.at(at, None)),
            };
            match byte {
                $($byte => Ok(opcodes!(@read $variant input at $name $($shape)?)),)*
                _ => Err(Error::new(ErrorKind::UnknownOpcode(byte)).at(at, None)),
            }
        }

        /// Reads one opcode and carries it out.
        ///
        /// # Errors
        ///
        /// Those of [`decode`] and of the opcode itself, which get its offset and name.
        #[inline(always)]
        pub(crate) fn act<A: Act>(actor: &mut A) -> Result<A::Outcome> {
            let at = actor.position();
            let [byte] = match actor.array() {
                Ok(byte) => byte,
                Err(error) => return Err(error.at(at, None)),
            };
            match byte {
                $($byte => {
                    let op = opcodes!(@read $variant actor at $name $($shape)?);
                    match opcodes!(@act actor op $proto $($often)?) {
                        Ok(outcome) => Ok(outcome),
                        Err(error) => Err(error.at(at, Some($name))),
                    }
                })*
                _ => Err(Error::new(ErrorKind::UnknownOpcode(byte)).at(at, None)),
            }
        }
    };
    (@act $actor:ident $op:ident $proto:literal) => { $actor.act($op, $proto) };
    (@act $actor:ident $op:ident $proto:literal often) => { $actor.act_often($op, $proto) };
    (@pattern $variant:ident) => { Op::$variant };
    (@pattern $variant:ident $shape:ident) => { Op::$variant(_) };
    (@bind $variant:ident $value:ident) => { Op::$variant };
    (@bind $variant:ident $value:ident $shape:ident) => { Op::$variant($value) };
    (@argument $value:ident) => { Argument::None };
    (@argument $value:ident $shape:ident) => { shape::$shape::argument($value) };
    (@write $value:ident $out:ident) => { () };
    (@write $value:ident $out:ident $shape:ident) => { shape::$shape::write($value, $out) };
    (@read $variant:ident $input:ident $at:ident $name:literal) => { Op::$variant };
    (@read $variant:ident $input:ident $at:ident $name:literal $shape:ident) => {
        match shape::$shape::read($input) {
            Ok(argument) => Op::$variant(argument),
            Err(error) => return Err(error.at($at, Some($name))),
        }
    };
}

opcodes! {
    /// An int in decimal, or a bool as `00` or `01`; Python 2 writes its ints so.
    Int(Line: B) = b'I', "INT", 0, [] -> [IntOrBool];
    /// A signed 32-bit int.
    BinInt(I32: i32) = b'J', "BININT", 1, [] -> [Int], often;
    /// An int of 0 to 255.
    BinInt1(U8: u8) = b'K', "BININT1", 1, [] -> [Int], often;
    /// An int of 0 to 65535.
    BinInt2(U16: u16) = b'M', "BININT2", 1, [] -> [Int], often;
    /// A Python 2 long or any Python 3 int, in decimal with a trailing `L`.
    Long(Line: B) = b'L', "LONG", 0, [] -> [Int];
    /// An int in two's complement, little-endian, of up to 255 bytes.
    Long1(Bytes8: B) = 0x8a, "LONG1", 2, [] -> [Int];
    /// An int in two's complement, little-endian, of up to 2^31 - 1 bytes.
    Long4(BytesI32: B) = 0x8b, "LONG4", 2, [] -> [Int];
    /// A Python 2 str as its `repr`.
    String(Line: B) = b'S', "STRING", 0, [] -> [BytesOrStr];
    /// A Python 2 str.
    BinString(BytesI32: B) = b'T', "BINSTRING", 1, [] -> [BytesOrStr];
    /// A Python 2 str of up to 255 bytes.
    ShortBinString(Bytes8: B) = b'U', "SHORT_BINSTRING", 1, [] -> [BytesOrStr];
    /// A bytes object.
    BinBytes(Bytes32: B) = b'B', "BINBYTES", 3, [] -> [Bytes];
    /// A bytes object of up to 255 bytes.
    ShortBinBytes(Bytes8: B) = b'C', "SHORT_BINBYTES", 3, [] -> [Bytes];
    /// A bytes object of any length.
    BinBytes8(Bytes64: B) = 0x8e, "BINBYTES8", 4, [] -> [Bytes];
    /// A bytearray.
    ByteArray8(Bytes64: B) = 0x96, "BYTEARRAY8", 5, [] -> [ByteArray];
    /// The next out-of-band buffer.
    NextBuffer = 0x97, "NEXT_BUFFER", 5, [] -> [Buffer];
    /// Makes the topmost out-of-band buffer read-only.
    ReadonlyBuffer = 0x98, "READONLY_BUFFER", 5, [Buffer] -> [Buffer];
    /// `None`.
    None = b'N', "NONE", 0, [] -> [None], often;
    /// `True`.
    NewTrue = 0x88, "NEWTRUE", 2, [] -> [Bool], often;
    /// `False`.
    NewFalse = 0x89, "NEWFALSE", 2, [] -> [Bool], often;
    /// A str in raw-unicode-escape.
    Unicode(Line: B) = b'V', "UNICODE", 0, [] -> [Str];
    /// A str in UTF-8 (surrogates allowed) of up to 255 bytes.
    ShortBinUnicode(Bytes8: B) = 0x8c, "SHORT_BINUNICODE", 4, [] -> [Str], often;
    /// A str in UTF-8 (surrogates allowed).
    BinUnicode(Bytes32: B) = b'X', "BINUNICODE", 1, [] -> [Str], often;
    /// A str in UTF-8 (surrogates allowed) of any length.
    BinUnicode8(Bytes64: B) = 0x8d, "BINUNICODE8", 4, [] -> [Str];
    /// A float as its `repr`.
    Float(Line: B) = b'F', "FLOAT", 0, [] -> [Float];
    /// A float, big-endian.
    BinFloat(F64: f64) = b'G', "BINFLOAT", 1, [] -> [Float], often;
    /// An empty list.
    EmptyList = b']', "EMPTY_LIST", 1, [] -> [List];
    /// Appends the topmost object to the list below it.
    Append = b'a', "APPEND", 0, [List Any] -> [List];
    /// Appends all objects above the topmost MARK to the list below it.
    Appends = b'e', "APPENDS", 1, [List Mark StackSlice] -> [List];
    /// A list of all objects above the topmost MARK.
    List = b'l', "LIST", 0, [Mark StackSlice] -> [List];
    /// The empty tuple.
    EmptyTuple = b')', "EMPTY_TUPLE", 1, [] -> [Tuple], often;
    /// A tuple of all objects above the topmost MARK.
    Tuple = b't', "TUPLE", 0, [Mark StackSlice] -> [Tuple];
    /// A tuple of the topmost object.
    Tuple1 = 0x85, "TUPLE1", 2, [Any] -> [Tuple], often;
    /// A tuple of the two topmost objects.
    Tuple2 = 0x86, "TUPLE2", 2, [Any Any] -> [Tuple], often;
    /// A tuple of the three topmost objects.
    Tuple3 = 0x87, "TUPLE3", 2, [Any Any Any] -> [Tuple], often;
    /// An empty dict.
    EmptyDict = b'}', "EMPTY_DICT", 1, [] -> [Dict];
    /// A dict of the keys and values above the topmost MARK.
    Dict = b'd', "DICT", 0, [Mark StackSlice] -> [Dict];
    /// Sets one key of the dict below key and value.
    SetItem = b's', "SETITEM", 0, [Dict Any Any] -> [Dict];
    /// Sets all keys above the topmost MARK in the dict below it.
    SetItems = b'u', "SETITEMS", 1, [Dict Mark StackSlice] -> [Dict];
    /// An empty set.
    EmptySet = 0x8f, "EMPTY_SET", 4, [] -> [Set];
    /// Adds all objects above the topmost MARK to the set below it.
    AddItems = 0x90, "ADDITEMS", 4, [Set Mark StackSlice] -> [Set];
    /// A frozenset of all objects above the topmost MARK.
    FrozenSet = 0x91, "FROZENSET", 4, [Mark StackSlice] -> [FrozenSet];
    /// Discards the topmost object or MARK.
    Pop = b'0', "POP", 0, [Any] -> [];
    /// Pushes the topmost object once more.
    Dup = b'2', "DUP", 0, [Any] -> [Any Any];
    /// Pushes a marker.
    Mark = b'(', "MARK", 0, [] -> [Mark], often;
    /// Discards the topmost MARK and all above it.
    PopMark = b'1', "POP_MARK", 1, [Mark StackSlice] -> [];
    /// Pushes the memo entry of the decimal index.
    Get(Line: B) = b'g', "GET", 0, [] -> [Any];
    /// Pushes the memo entry of an index below 256.
    BinGet(U8: u8) = b'h', "BINGET", 1, [] -> [Any], often;
    /// Pushes a memo entry.
    LongBinGet(U32: u32) = b'j', "LONG_BINGET", 1, [] -> [Any], often;
    /// Stores the topmost object in the memo under the decimal index.
    Put(Line: B) = b'p', "PUT", 0, [] -> [];
    /// Stores the topmost object in the memo under an index below 256.
    BinPut(U8: u8) = b'q', "BINPUT", 1, [] -> [], often;
    /// Stores the topmost object in the memo.
    LongBinPut(U32: u32) = b'r', "LONG_BINPUT", 1, [] -> [], often;
    /// Stores the topmost object in the memo under the number of entries so far.
    Memoize = 0x94, "MEMOIZE", 4, [Any] -> [Any], often;
    /// An object of the extension registry, by a code of 1 to 255.
    Ext1(U8: u8) = 0x82, "EXT1", 2, [] -> [Any];
    /// An object of the extension registry, by a 16-bit code.
    Ext2(U16: u16) = 0x83, "EXT2", 2, [] -> [Any];
    /// An object of the extension registry, by a positive 32-bit code.
    Ext4(I32: i32) = 0x84, "EXT4", 2, [] -> [Any];
    /// A class or function by module and qualified name.
    Global(Pair: (B, B)) = b'c', "GLOBAL", 0, [] -> [Any];
    /// A class or function by the module and qualified name on the stack.
    StackGlobal = 0x93, "STACK_GLOBAL", 4, [Str Str] -> [Any];
    /// Calls the callable below with the tuple of arguments on top.
    Reduce = b'R', "REDUCE", 0, [Any Any] -> [Any];
    /// Gives the topmost object, a state, to the object below it.
    Build = b'b', "BUILD", 0, [Any Any] -> [Any];
    /// An instance of the class of that name, of the arguments above the topmost MARK.
    Inst(Pair: (B, B)) = b'i', "INST", 0, [Mark StackSlice] -> [Any];
    /// An instance of the class right above the topmost MARK, of the arguments above it.
    Obj = b'o', "OBJ", 1, [Mark Any StackSlice] -> [Any];
    /// `cls.__new__(cls, *args)`.
    NewObj = 0x81, "NEWOBJ", 2, [Any Any] -> [Any];
    /// `cls.__new__(cls, *args, **kwargs)`.
    NewObjEx = 0x92, "NEWOBJ_EX", 4, [Any Any Any] -> [Any];
    /// The protocol of the opcodes that follow.
    Proto(U8: u8) = 0x80, "PROTO", 2, [] -> [];
    /// Ends the pickle; the topmost object is its value.
    Stop = b'.', "STOP", 0, [Any] -> [];
    /// The next so many bytes are best read at once.
    Frame(U64: u64) = 0x95, "FRAME", 4, [] -> [];
    /// An object outside the pickle, by a persistent id in text.
    PersId(Line: B) = b'P', "PERSID", 0, [] -> [Any];
    /// An object outside the pickle, by the persistent id on the stack.
    BinPersId = b'Q', "BINPERSID", 1, [Any] -> [Any];
}
