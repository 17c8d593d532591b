//! `#[derive(Args)]`.

use crate::field::{FieldOptions, doc, inside_option};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Fields};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let syn::Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(input, "`Args` is for structs"));
    };
    let named = match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => return Err(syn::Error::new_spanned(input, "`Args` needs named fields")),
    };
    let (mut arguments, mut docs, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut reads = Vec::new();
    let (mut includes, mut included_docs) = (Vec::new(), Vec::new());
    for field in named {
        let Some(ident) = &field.ident else { continue };
        let kind = &field.ty;
        let options = FieldOptions::parse(&field.attrs)?;
        if options.flatten {
            includes.push(quote!(<#kind as ::churten_module::Args>::SPEC));
            included_docs.push(quote!(<#kind as ::churten_module::Args>::DOCS));
            reads.push(quote!(#ident: <#kind as ::churten_module::Args>::read(__params, __failure)));
            continue;
        }
        let name = match &options.name {
            Some(name) => name.value(),
            None => ident.to_string().trim_start_matches("r#").to_owned(),
        };
        let text = doc(&field.attrs);
        let inner = inside_option(kind);
        let parsed = inner.unwrap_or(kind);
        let required = inner.is_none() && options.default.is_none();
        let value = quote!(<#parsed as ::churten_module::FromArgument>);
        docs.push(quote!(::churten_module::ArgumentDocs { name: #name, text: #text, inside: #value::DOCS }));
        let argument_kind = options.kind.unwrap_or_else(|| quote!(#value::KIND));
        let choices = match &options.choices {
            Some(choices) => quote!(&[#(#choices),*]),
            None => quote!(#value::CHOICES),
        };
        let default = options.default.unwrap_or_else(|| quote!(::churten_module::DefaultValue::Absent));
        let deprecated = match options.deprecated {
            Some(deprecation) => quote!(::std::option::Option::Some(#deprecation)),
            None => quote!(::std::option::Option::None),
        };
        let variable = match &options.variable {
            Some(name) => quote!(::std::option::Option::Some(#name)),
            None => quote!(::std::option::Option::None),
        };
        let (aliases, no_log) = (&options.aliases, options.no_log);
        arguments.push(quote! {
            ::churten_module::Argument {
                name: #name,
                aliases: &[#(#aliases),*],
                kind: #argument_kind,
                elements: #value::ELEMENTS,
                choices: #choices,
                required: #required,
                default: #default,
                variable: #variable,
                no_log: #no_log,
                options: #value::OPTIONS,
                deprecated: #deprecated,
            }
        });
        reads.push(match inner {
            Some(_) => quote!(#ident: __params.read::<#parsed>(#name, __failure)),
            None => quote!(#ident: __params.read_needed::<#parsed>(#name, __failure)),
        });
        names.push(name);
    }
    // A struct with `flatten` may have rules about the arguments it takes in.
    let fields = includes.is_empty().then_some(names.as_slice());
    let rules = crate::rules::rules(&input.attrs, fields)?;
    let (ident, text) = (&input.ident, doc(&input.attrs));
    // All are read before any failure is told: an early return behind each would drop all that were read before it.
    let build = if matches!(data.fields, Fields::Unit) { quote!(Self) } else { quote!(Self { #(#reads),* }) };
    Ok(quote! {
        impl ::churten_module::Args for #ident {
            const SPEC: &'static ::churten_module::ArgumentSpec = &::churten_module::ArgumentSpec {
                arguments: &[#(#arguments),*],
                include: &[#(#includes),*],
                rules: &[#(#rules),*],
            };
            const DOCS: &'static ::churten_module::Docs = &::churten_module::Docs {
                text: #text,
                arguments: &[#(#docs),*],
                include: &[#(#included_docs),*],
            };
            #[expect(clippy::allow_attributes, reason = "an empty struct does not read its parameters")]
            #[allow(unused_variables, reason = "an empty struct does not read its parameters")]
            fn read(
                __params: &::churten_module::Params,
                __failure: &mut ::std::option::Option<::churten_module::Failure>,
            ) -> Self {
                #build
            }
        }

        impl ::churten_module::StandIn for #ident {
            fn stand_in() -> Self {
                <Self as ::churten_module::Args>::read(&::std::default::Default::default(), &mut ::std::option::Option::None)
            }
        }

        impl ::churten_module::FromArgument for #ident {
            const KIND: ::churten_module::ArgumentType = ::churten_module::ArgumentType::Dict;
            const OPTIONS: ::std::option::Option<&'static ::churten_module::ArgumentSpec> =
                ::std::option::Option::Some(<Self as ::churten_module::Args>::SPEC);
            const DOCS: ::std::option::Option<&'static ::churten_module::Docs> =
                ::std::option::Option::Some(<Self as ::churten_module::Args>::DOCS);
            fn from_argument(value: &::churten_value::Value) -> ::std::result::Result<Self, ::std::string::String> {
                let entries = value.as_dict().cloned().unwrap_or_default();
                <Self as ::churten_module::Args>::from_params(&::churten_module::Params(entries))
                    .map_err(|failure| failure.msg)
            }
        }
    })
}
