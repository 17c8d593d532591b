//! Other forms of an address: `ip4_hex`, `ipcut`, `ipv6form` and `slaac`.

use super::arithmetic::{network, text};
use super::hwaddr::Hardware;
use super::options::{Kind, options};
use crate::address::{Address, Family, parse_address};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, number};
use churten_value::str_repr;
use num_traits::ToPrimitive;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.ip4_hex", ip4_hex),
    Filter::new("ansible.utils.ipcut", ipcut),
    Filter::new("ansible.utils.ipv6form", ipv6form),
    Filter::new("ansible.utils.slaac", slaac),
];

fn address(value: Option<&Val>) -> Outcome<Address> {
    let value = text(value);
    parse_address(value).ok_or_else(|| invalid(value))
}

fn invalid(value: &str) -> Fault {
    Fault::python(format!("You must pass a valid IP address; {value} is invalid"))
}

fn ip4_hex(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, delimiter] = options(call, [("arg", Kind::Text), ("delimiter", Kind::Text)])?;
    let address = address(value.as_ref())?;
    if address.family == Family::V6 {
        let shown = str_repr(text(value.as_ref()).split('.').next().unwrap_or(""));
        return Err(Fault::python(format!("invalid literal for int() with base 10: {shown}")));
    }
    let octets = address.octets().map(|octet| format!("{octet:02x}"));
    Ok(Val::from(octets.join(text(delimiter.as_ref()))))
}

/// The bits of an address as text; an amount below zero takes so many from the end.
fn ipcut(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, amount] = options(call, [("value", Kind::Text), ("amount", Kind::Integer)])?;
    let address = address(value.as_ref())?;
    let amount = amount.as_ref().and_then(|amount| number(amount)?.to_integer()?.to_i64());
    let Some(amount) = amount else {
        return Err(Fault::python("You must pass an integer for arithmetic; None is not a valid integer"));
    };
    let width = address.family.width();
    let length = u8::try_from(amount.unsigned_abs()).unwrap_or(u8::MAX).min(width);
    let start = if amount < 0 { width - length } else { 0 };
    let group = if address.family == Family::V4 { 8 } else { 16 };
    let cut = (0..length).step_by(group).map(|from| {
        let size = (length - from).min(group as u8);
        let bits = address.bits >> (width - start - from - size) & ((1 << size) - 1);
        if group == 8 { format!("{bits}") } else { format!("{bits:x}") }
    });
    let separator = if group == 8 { "." } else { ":" };
    Ok(Val::from(cut.collect::<Vec<_>>().join(separator)))
}

fn ipv6form(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, format] = options(call, [("value", Kind::Text), ("format", Kind::Raw)])?;
    let Some(format) = format else {
        return Err(Fault::python("You must pass valid format; None is not a valid format"));
    };
    let shown = text(value.as_ref());
    let grouped = |address: Address, form: fn(u16) -> String| Val::from(address.groups().map(form).join(":"));
    match call.text(&format)?.as_str() {
        "compress" => {
            let (plain, scope) = shown.split_once('%').map_or((shown, None), |(plain, scope)| (plain, Some(scope)));
            let address = address(Some(&Val::from(plain))).map_err(|_| invalid(shown))?;
            match (address.family, scope) {
                (Family::V4, Some(_)) => Err(invalid(shown)),
                (Family::V4, None) => Ok(Val::from(address.to_string())),
                (Family::V6, None) => Ok(Val::from(address.hexadecimal())),
                (Family::V6, Some(scope)) => Ok(Val::from(format!("{}%{scope}", address.hexadecimal()))),
            }
        }
        "expand" => match address(value.as_ref())? {
            address if address.family == Family::V4 => Ok(Val::from(address.to_string())),
            address => Ok(grouped(address, |group| format!("{group:04x}"))),
        },
        "x509" => match parse_address(shown) {
            Some(address) if address.family == Family::V6 => Ok(grouped(address, |group| format!("{group:x}"))),
            None if !shown.contains('/') => {
                Err(Fault::python(format!("failed to detect a valid IP address from {}", str_repr(shown))))
            }
            _ => Err(invalid(shown)),
        },
        other => {
            let text = format!("value of format must be one of: compress, expand, x509, got: {other}");
            Err(Fault::python(format!("[{}]", str_repr(&text))))
        }
    }
}

/// The address that a host with this hardware address gives itself (RFC 4291, appendix A).
fn slaac(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, query] = options(call, [("value", Kind::Text), ("query", Kind::Text)])?;
    let hardware = Hardware::parse(text(query.as_ref()));
    let (Some(network), Some(hardware)) = (network(value.as_ref())?, hardware) else {
        return Ok(Val::Bool(false));
    };
    if network.family() == Family::V4 {
        return Ok(Val::Bool(false));
    }
    let first = network.first();
    Ok(Val::from(Address { bits: first.bits + u128::from(hardware.interface_identifier()), ..first }.to_string()))
}
