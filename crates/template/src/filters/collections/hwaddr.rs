//! `ansible.utils.hwaddr` and `macaddr`: hardware addresses in the forms that vendors write.

use super::arithmetic::text;
use super::options::{Kind, options};
use crate::address::python_integer;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, big};
use num_traits::ToPrimitive;

pub(super) const TABLE: &[Filter] =
    &[Filter::new("ansible.utils.hwaddr", hwaddr), Filter::new("ansible.utils.macaddr", macaddr)];

/// A hardware address of 48 or 64 bits (EUI-48, EUI-64).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hardware {
    bits: u64,
    is_long: bool,
}

/// Groups of hexadecimal digits: how many, their separators, and their lengths from and to.
const SHORT: &[(usize, &str, usize, usize)] = &[(6, ":-", 1, 2), (3, ":-.", 1, 4), (2, ":-", 5, 6), (1, "", 11, 12)];
const LONG: &[(usize, &str, usize, usize)] = &[(8, ":-", 1, 2), (4, ":-.", 1, 4), (1, "", 16, 16)];

impl Hardware {
    /// An address as netaddr reads it: digits alone are a number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(bits) = groups(text, SHORT) {
            return Some(Self { bits, is_long: false });
        }
        if let Some(bits) = groups(text, LONG) {
            return Some(Self { bits, is_long: true });
        }
        let bits = python_integer(text)?.to_u64()?;
        Some(Self { bits, is_long: bits >> 48 != 0 })
    }

    /// The lower half of an IPv6 address (modified EUI-64).
    pub(crate) fn interface_identifier(self) -> u64 {
        let long =
            if self.is_long { self.bits } else { (self.bits >> 24) << 40 | 0xff_fe00_0000 | (self.bits & 0xff_ffff) };
        long ^ 1 << 57
    }

    /// The address in groups of `bits` bits.
    fn grouped(self, bits: u32, separator: &str, form: fn(u64) -> String) -> String {
        let width = if self.is_long { 64 } else { 48 };
        let count = width / bits;
        let groups = (0..count).rev().map(|index| form(self.bits >> (index * bits) & ((1 << bits) - 1)));
        groups.collect::<Vec<_>>().join(separator)
    }
}

fn groups(text: &str, forms: &[(usize, &str, usize, usize)]) -> Option<u64> {
    let separator = text.chars().find(|character| !character.is_ascii_hexdigit());
    let parts: Vec<&str> = match separator {
        Some(separator) => text.split(separator).collect(),
        None => vec![text],
    };
    let (count, _, _, most) = forms.iter().find(|(count, separators, least, most)| {
        parts.len() == *count
            && separator.is_none_or(|separator| separators.contains(separator))
            && parts.iter().all(|part| (*least..=*most).contains(&part.len()))
    })?;
    let mut bits: u64 = 0;
    for part in &parts {
        if !part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = u64::from_str_radix(part, 16).ok()?;
        bits = if *count == 1 { part } else { bits << (4 * most) | part };
    }
    Some(bits)
}

fn hwaddr(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let names = [("value", Kind::Text), ("query", Kind::Text), ("alias", Kind::Text)];
    let [value, query, alias] = options(call, names)?;
    let alias = alias.as_ref().map_or("hwaddr", |alias| text(Some(alias)));
    convert(value.unwrap_or(Val::None), query.as_ref(), alias)
}

fn macaddr(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, query] = options(call, [("value", Kind::Text), ("query", Kind::Text)])?;
    convert(value.unwrap_or(Val::None), query.as_ref(), "macaddr")
}

fn convert(value: Val, query: Option<&Val>, alias: &str) -> Outcome<Val> {
    let query = text(query);
    let Some(hardware) = Hardware::parse(text(Some(&value))) else {
        return match query {
            "" | "bool" => Ok(Val::None),
            _ => Err(Fault::python(format!("{alias}: not a hardware address: {}", text(Some(&value))))),
        };
    };
    let bounded = |form: String| match hardware.is_long {
        true => Err(Fault::python(format!("integer out of bounds: '0x{:x}'!", hardware.bits))),
        false => Ok(Val::from(form)),
    };
    match query {
        "" => Ok(value),
        "bool" => Ok(Val::Bool(true)),
        "int" => Ok(big(hardware.bits.into())),
        "bare" => bounded(hardware.grouped(48, "", |group| format!("{group:012X}"))),
        "cisco" => bounded(hardware.grouped(16, ".", |group| format!("{group:04x}"))),
        "eui48" | "win" => bounded(hardware.grouped(8, "-", |group| format!("{group:02X}"))),
        "linux" => bounded(hardware.grouped(8, ":", |group| format!("{group:02x}"))),
        "pgsql" | "postgresql" | "psql" => bounded(hardware.grouped(24, ":", |group| format!("{group:06x}"))),
        "unix" => bounded(hardware.grouped(8, ":", |group| format!("{group:x}"))),
        _ => Err(Fault::python(format!("{alias}: unknown filter type: {query}"))),
    }
}
