//! The derive macros of `churten-module`: a module's argument struct is its argument specification, its
//! documentation and its parser.

mod arguments;
mod choice;
mod field;
mod rules;

use proc_macro::TokenStream;

/// Implements `Args` and `FromArgument` for a struct; see `churten_module::Args` for the attributes.
#[proc_macro_derive(Args, attributes(arg, args))]
pub fn derive_args(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    arguments::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `FromArgument` for an enum of units. The choices are the variants' names in snake case, or what
/// `#[choice("name")]` says.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    choice::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
