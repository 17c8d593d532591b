//! What a module declares about its arguments. Written by `#[derive(Args)]`.

use super::Params;
use crate::{Failure, Result};
use churten_value::{Dict, Value};

/// All arguments of a module, and the rules between them.
#[derive(Debug)]
pub struct ArgumentSpec {
    /// The arguments, in the order of the struct.
    pub arguments: &'static [Argument],
    /// Arguments taken in from other structs (`#[arg(flatten)]`).
    pub include: &'static [&'static ArgumentSpec],
    /// Rules between arguments.
    pub rules: &'static [Rule],
}

/// One argument.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Other names it may be given by.
    pub aliases: &'static [&'static str],
    /// What values are converted to.
    pub kind: ArgumentType,
    /// What the items of a list are converted to.
    pub elements: Option<ArgumentType>,
    /// The values allowed, as text; empty allows all.
    pub choices: &'static [&'static str],
    /// True when it must be given.
    pub required: bool,
    /// The value it has when not given.
    pub default: DefaultValue,
    /// The environment variable that it is taken from when not given, before its default.
    pub variable: Option<&'static str>,
    /// Its value is secret.
    pub no_log: bool,
    /// The arguments inside a dictionary, or inside each dictionary of a list.
    pub options: Option<&'static ArgumentSpec>,
    /// Set when using it warns.
    pub deprecated: Option<Deprecation>,
}

/// When and why an argument goes away.
#[derive(Clone, Copy, Debug)]
pub struct Deprecation {
    /// The version of its collection that no longer has it.
    pub version: &'static str,
    /// The collection.
    pub collection: &'static str,
}

/// The types of ansible-core's argument specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// Text; other types become their `str()`.
    Str,
    /// A list; text is split at commas.
    List,
    /// A mapping; text may be JSON or `k=v` pairs.
    Dict,
    /// A truth value in any of Ansible's spellings.
    Bool,
    /// An integer.
    Int,
    /// A float.
    Float,
    /// Text in which `~` and `$VARIABLE` are expanded.
    Path,
    /// Anything, as it is.
    Raw,
    /// Text, or data that becomes JSON text.
    JsonArgument,
    /// The same as `jsonarg` under its newer name.
    Json,
    /// A size such as `10M`, in bytes.
    Bytes,
    /// A size such as `10Mb`, in bits.
    Bits,
}

impl ArgumentType {
    /// The type of a name.
    pub fn named(name: &str) -> Option<Self> {
        const ALL: [ArgumentType; 12] = [
            ArgumentType::Str,
            ArgumentType::List,
            ArgumentType::Dict,
            ArgumentType::Bool,
            ArgumentType::Int,
            ArgumentType::Float,
            ArgumentType::Path,
            ArgumentType::Raw,
            ArgumentType::JsonArgument,
            ArgumentType::Json,
            ArgumentType::Bytes,
            ArgumentType::Bits,
        ];
        ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Str => "str",
            Self::List => "list",
            Self::Dict => "dict",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Path => "path",
            Self::Raw => "raw",
            Self::JsonArgument => "jsonarg",
            Self::Json => "json",
            Self::Bytes => "bytes",
            Self::Bits => "bits",
        }
    }
}

/// A default, before conversion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// None: the argument is absent, and `null` in the invocation.
    Absent,
    /// Text.
    Text(&'static str),
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A list of texts.
    List(&'static [&'static str]),
    /// An empty mapping.
    EmptyDict,
}

impl DefaultValue {
    /// The value, before conversion; `None` where there is no default.
    pub fn to_value(self) -> Option<Value> {
        Some(match self {
            Self::Absent => return None,
            Self::Text(text) => text.into(),
            Self::Bool(flag) => flag.into(),
            Self::Int(number) => number.into(),
            Self::Float(number) => number.into(),
            Self::List(items) => items.iter().copied().collect(),
            Self::EmptyDict => Dict::new().into(),
        })
    }
}

/// A rule between arguments, by their names.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// At most one may be given.
    Exclusive(&'static [&'static str]),
    /// All or none.
    Together(&'static [&'static str]),
    /// At least one.
    OneOf(&'static [&'static str]),
    /// When `argument` is `value`, all of `names` (or any, with `any`) must be given.
    RequiredIf {
        /// The argument looked at.
        argument: &'static str,
        /// Its value, as text.
        value: &'static str,
        /// What is needed then.
        names: &'static [&'static str],
        /// One of them is enough.
        any: bool,
    },
    /// When `argument` is given, all of `names` must be too.
    RequiredBy {
        /// The argument looked at.
        argument: &'static str,
        /// What is needed then.
        names: &'static [&'static str],
    },
    /// Using this other name of an argument warns.
    DeprecatedAlias {
        /// The other name.
        alias: &'static str,
        /// When and why it goes away.
        deprecation: Deprecation,
    },
}

/// The manual page of a module, from its doc comments. Kept apart from [`ArgumentSpec`] so that a program which
/// never names it does not carry the text.
#[derive(Debug)]
pub struct Docs {
    /// The doc comment of the struct.
    pub text: &'static str,
    /// The arguments.
    pub arguments: &'static [ArgumentDocs],
    /// Docs of the structs taken in.
    pub include: &'static [&'static Docs],
}

/// What is said about one argument.
#[derive(Debug)]
pub struct ArgumentDocs {
    /// Its name.
    pub name: &'static str,
    /// Its doc comment.
    pub text: &'static str,
    /// The manual of the arguments inside of it.
    pub inside: Option<&'static Docs>,
}

/// A struct whose fields are a module's arguments; use `#[derive(Args)]`.
///
/// A field is an argument of the field's name. `Option<T>` is optional; a field with `#[arg(default = ...)]` has a
/// default; any other is required. `#[arg(...)]` takes:
/// `name = "_original_basename"`, `alias("dest", "name")`, `default = "text"` (or `true`, `5`, `["a", "b"]`, `{}`),
/// `choices("a", "b")`, `kind = "path"` (to override the type's own), `no_log`, `variable = "ANSIBLE_X"` (the
/// environment variable it falls back to), `flatten` (a struct of further arguments), `deprecated("2.23", "ansible.builtin")`.
/// `#[args(...)]` on the struct takes the rules: `exclusive("a", "b")`, `together(..)`, `one_of(..)`,
/// `required_if("state", "present", "a", "b")`, `required_if_any(..)`, `required_by("a", "b")`; and
/// `deprecated_alias("name", "2.23", "ansible.builtin")`.
///
/// A struct that derives `Args` may itself be the type of a field (a dictionary with sub-options), as may a `Vec` of it.
pub trait Args: Sized {
    /// The declaration.
    const SPEC: &'static ArgumentSpec;
    /// The documentation.
    const DOCS: &'static Docs;
    /// Build the struct from validated parameters.
    fn from_params(params: &Params) -> Result<Self> {
        let mut failure = None;
        let read = Self::read(params, &mut failure);
        failure.map_or(Ok(read), Err)
    }

    /// [`Self::from_params`] without an end: the first failure is kept, and others stand for what cannot be read.
    #[doc(hidden)]
    fn read(params: &Params, failure: &mut Option<Failure>) -> Self;
}
