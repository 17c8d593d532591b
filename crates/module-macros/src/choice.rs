//! `#[derive(Choice)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Fields, LitStr};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let syn::Data::Enum(data) = &input.data else {
        return Err(syn::Error::new_spanned(input, "`Choice` is for enums"));
    };
    let (mut variants, mut names) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(syn::Error::new_spanned(variant, "a choice has no fields"));
        }
        let given = variant.attrs.iter().find(|attribute| attribute.path().is_ident("choice"));
        names.push(match given {
            Some(attribute) => attribute.parse_args::<LitStr>()?.value(),
            None => snake_case(&variant.ident.to_string()),
        });
        variants.push(&variant.ident);
    }
    let ident = &input.ident;
    let first = variants.first();
    Ok(quote! {
        impl ::churten_module::StandIn for #ident {
            fn stand_in() -> Self {
                Self::#first
            }
        }

        impl ::churten_module::FromArgument for #ident {
            const KIND: ::churten_module::ArgumentType = ::churten_module::ArgumentType::Str;
            const CHOICES: &'static [&'static str] = &[#(#names),*];
            fn from_argument(value: &::churten_value::Value) -> ::std::result::Result<Self, ::std::string::String> {
                match value.as_str() {
                    #(::std::option::Option::Some(#names) => ::std::result::Result::Ok(Self::#variants),)*
                    _ => ::std::result::Result::Err(::std::format!("no such choice: {}", value.to_text())),
                }
            }
        }
    })
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}
