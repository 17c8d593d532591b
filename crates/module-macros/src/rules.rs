//! `#[args(exclusive("a", "b"), required_if("state", "present", "path"), ...)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Token};

/// The rules as tokens. With `fields` given, a rule that names no field does not compile.
pub(crate) fn rules(attributes: &[Attribute], fields: Option<&[String]>) -> syn::Result<Vec<TokenStream>> {
    let mut rules = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("args")) {
        attribute.parse_nested_meta(|meta| {
            let kind = meta.path.require_ident()?.to_string();
            let list;
            syn::parenthesized!(list in meta.input);
            let names: Vec<LitStr> = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?.into_iter().collect();
            let known = |name: &LitStr| match fields {
                Some(fields) if !fields.contains(&name.value()) => {
                    Err(syn::Error::new_spanned(name, "no such argument"))
                }
                _ => Ok(()),
            };
            let rule = |name: &str| syn::Ident::new(name, proc_macro2::Span::call_site());
            rules.push(match (kind.as_str(), names.as_slice()) {
                ("exclusive" | "together" | "one_of", names) => {
                    names.iter().try_for_each(known)?;
                    let rule = rule(match kind.as_str() {
                        "exclusive" => "Exclusive",
                        "together" => "Together",
                        _ => "OneOf",
                    });
                    quote!(::churten_module::Rule::#rule(&[#(#names),*]))
                }
                ("required_if" | "required_if_any", [argument, value, names @ ..]) => {
                    known(argument)?;
                    names.iter().try_for_each(known)?;
                    let any = kind == "required_if_any";
                    quote!(::churten_module::Rule::RequiredIf {
                        argument: #argument, value: #value, names: &[#(#names),*], any: #any
                    })
                }
                ("required_by", [argument, names @ ..]) => {
                    known(argument)?;
                    names.iter().try_for_each(known)?;
                    quote!(::churten_module::Rule::RequiredBy { argument: #argument, names: &[#(#names),*] })
                }
                ("deprecated_alias", [alias, version, collection]) => quote!(::churten_module::Rule::DeprecatedAlias {
                    alias: #alias,
                    deprecation: ::churten_module::Deprecation { version: #version, collection: #collection }
                }),
                _ => {
                    return Err(meta.error(
                        "expected `exclusive`, `together`, `one_of`, `required_if`, `required_if_any`, `required_by` or \
                         `deprecated_alias`",
                    ));
                }
            });
            Ok(())
        })?;
    }
    Ok(rules)
}
