//! The attributes of one field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Lit, LitStr, Meta, Token, Type, UnOp};

#[derive(Default)]
pub(crate) struct FieldOptions {
    pub(crate) name: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) choices: Option<Vec<LitStr>>,
    pub(crate) default: Option<TokenStream>,
    pub(crate) kind: Option<TokenStream>,
    pub(crate) deprecated: Option<TokenStream>,
    pub(crate) variable: Option<LitStr>,
    pub(crate) no_log: bool,
    pub(crate) flatten: bool,
}

impl FieldOptions {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut options = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("arg")) {
            attribute.parse_nested_meta(|meta| {
                let texts = || {
                    let list;
                    syn::parenthesized!(list in meta.input);
                    Ok::<Vec<LitStr>, syn::Error>(
                        Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?.into_iter().collect(),
                    )
                };
                match meta.path.require_ident()?.to_string().as_str() {
                    "name" => options.name = Some(meta.value()?.parse()?),
                    "alias" => options.aliases = texts()?,
                    "choices" => options.choices = Some(texts()?),
                    "default" => options.default = Some(default_value(&meta.value()?.parse()?)?),
                    "kind" => options.kind = Some(kind(&meta.value()?.parse()?)?),
                    "deprecated" => {
                        let [version, collection] = texts()?
                            .try_into()
                            .map_err(|_| meta.error("expected a version and a collection"))?;
                        options.deprecated = Some(quote!(::churten_module::Deprecation {
                            version: #version, collection: #collection
                        }));
                    }
                    "variable" => options.variable = Some(meta.value()?.parse()?),
                    "no_log" => options.no_log = true,
                    "flatten" => options.flatten = true,
                    _ => {
                        return Err(meta.error(
                            "expected `name`, `alias`, `choices`, `default`, `kind`, `deprecated`, `variable`, `no_log` or `flatten`",
                        ));
                    }
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

fn default_value(expression: &Expr) -> syn::Result<TokenStream> {
    let unknown =
        || syn::Error::new_spanned(expression, "expected text, a number, a truth value, a list of texts or {}");
    Ok(match expression {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => quote!(::churten_module::DefaultValue::Text(#text)),
            Lit::Bool(flag) => quote!(::churten_module::DefaultValue::Bool(#flag)),
            Lit::Int(number) => quote!(::churten_module::DefaultValue::Int(#number)),
            Lit::Float(number) => quote!(::churten_module::DefaultValue::Float(#number)),
            _ => return Err(unknown()),
        },
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => quote!(::churten_module::DefaultValue::Int(-#number)),
            _ => return Err(unknown()),
        },
        Expr::Array(array) => quote!(::churten_module::DefaultValue::List(&#array)),
        Expr::Block(block) if block.block.stmts.is_empty() => quote!(::churten_module::DefaultValue::EmptyDict),
        _ => return Err(unknown()),
    })
}

fn kind(name: &LitStr) -> syn::Result<TokenStream> {
    let variant = match name.value().as_str() {
        "str" => quote!(Str),
        "list" => quote!(List),
        "dict" => quote!(Dict),
        "bool" => quote!(Bool),
        "int" => quote!(Int),
        "float" => quote!(Float),
        "path" => quote!(Path),
        "raw" => quote!(Raw),
        "jsonarg" => quote!(JsonArgument),
        "json" => quote!(Json),
        "bytes" => quote!(Bytes),
        "bits" => quote!(Bits),
        _ => return Err(syn::Error::new_spanned(name, "no such type")),
    };
    Ok(quote!(::churten_module::ArgumentType::#variant))
}

/// The doc comment, its lines joined, with one leading space taken off each.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned())
            }
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The `T` of `Option<T>`.
pub(crate) fn inside_option(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) if last.ident == "Option" => Some(inner),
        _ => None,
    }
}
