//! IP addresses and networks as netaddr has them: what Ansible's address filters and tests calculate with.
//!
//! A [`Network`] keeps the address it was written with, so `192.168.0.1/24` is one of its own.

mod parse;
mod special;

pub(crate) use parse::{parse_address, python_integer};

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::fmt::{self, Write as _};

/// The version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    V4,
    V6,
}

impl Family {
    /// 4 or 6.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }

    /// Bits of an address.
    pub(crate) fn width(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// All bits set.
    pub(crate) fn ones(self) -> u128 {
        match self {
            Self::V4 => u32::MAX.into(),
            Self::V6 => u128::MAX,
        }
    }
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) family: Family,
    pub(crate) bits: u128,
}

impl Address {
    /// The address of a number; IPv4 unless it is too large for that, or unless a family is asked for.
    pub(crate) fn from_integer(number: &BigInt, family: Option<Family>) -> Option<Self> {
        let bits = number.to_u128()?;
        let family = family.unwrap_or(if bits <= Family::V4.ones() { Family::V4 } else { Family::V6 });
        (bits <= family.ones()).then_some(Self { family, bits })
    }

    /// The address so many further; `None` outside the family.
    pub(crate) fn plus(self, amount: &BigInt) -> Option<Self> {
        Self::from_integer(&(BigInt::from(self.bits) + amount), Some(self.family))
    }

    /// The four numbers of an IPv4 address.
    pub(crate) fn octets(self) -> [u8; 4] {
        u32::try_from(self.bits).unwrap_or(u32::MAX).to_be_bytes()
    }

    /// The eight groups of an IPv6 address.
    pub(crate) fn groups(self) -> [u16; 8] {
        let bytes = self.bits.to_be_bytes();
        std::array::from_fn(|index| u16::from_be_bytes([bytes[2 * index], bytes[2 * index + 1]]))
    }

    /// The network of this one address.
    pub(crate) fn single(self) -> Network {
        Network { address: self, prefix: self.family.width() }
    }

    /// As it prints, but IPv6 addresses without dotted parts, as Python's `ipaddress` has them.
    pub(crate) fn hexadecimal(self) -> String {
        let mut text = String::new();
        match self.family {
            Family::V4 => return self.to_string(),
            Family::V6 => {
                let _ = write_v6(self, false, &mut text);
            }
        }
        text
    }

    /// The name for reverse look-ups, with its dot at the end.
    pub(crate) fn reverse_name(self) -> String {
        let mut name = String::new();
        match self.family {
            Family::V4 => {
                for octet in self.octets().iter().rev() {
                    let _ = write!(name, "{octet}.");
                }
                name.push_str("in-addr.arpa.");
            }
            Family::V6 => {
                for index in 0..32 {
                    let _ = write!(name, "{:x}.", self.bits >> (4 * index) & 0xf);
                }
                name.push_str("ip6.arpa.");
            }
        }
        name
    }

    /// True when the bits of a mask are ones and then zeros.
    pub(crate) fn is_netmask(self) -> bool {
        let host = self.family.ones() ^ self.bits;
        host & host.wrapping_add(1) == 0
    }

    /// True when the bits of a mask are zeros and then ones.
    pub(crate) fn is_hostmask(self) -> bool {
        self.bits & self.bits.wrapping_add(1) == 0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.family {
            Family::V4 => {
                let [a, b, c, d] = self.octets();
                write!(out, "{a}.{b}.{c}.{d}")
            }
            Family::V6 => write_v6(*self, true, out),
        }
    }
}

/// The shortest form, as the C library writes it: the longest run of at least two zero groups is left out, and the last
/// 32 bits of addresses that stand for IPv4 ones are dotted.
fn write_v6(address: Address, dotted: bool, out: &mut impl fmt::Write) -> fmt::Result {
    let groups = address.groups();
    let (mut start, mut length) = (0, 0);
    let mut index = 0;
    while index < groups.len() {
        let run = groups.iter().skip(index).take_while(|group| **group == 0).count();
        if run > length && run > 1 {
            (start, length) = (index, run);
        }
        index += run.max(1);
    }
    if dotted && start == 0 && (length == 6 || (length == 5 && groups[5] == 0xffff)) {
        let lead = if length == 6 { "::" } else { "::ffff:" };
        return write!(out, "{lead}{}", Address { family: Family::V4, bits: address.bits & 0xffff_ffff });
    }
    let mut index = 0;
    while index < groups.len() {
        if length > 0 && index == start {
            out.write_str("::")?;
            index += length;
            continue;
        }
        if index > 0 && !(length > 0 && index == start + length) {
            out.write_str(":")?;
        }
        write!(out, "{:x}", groups[index])?;
        index += 1;
    }
    Ok(())
}

/// An address with the length of its network's prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) address: Address,
    pub(crate) prefix: u8,
}

impl Network {
    pub(crate) fn family(self) -> Family {
        self.address.family
    }

    fn host_bits(self) -> u128 {
        let host = self.family().width().saturating_sub(self.prefix);
        if host >= 128 { u128::MAX } else { (1 << host) - 1 }
    }

    fn with(self, bits: u128) -> Address {
        Address { family: self.family(), bits }
    }

    /// The first address.
    pub(crate) fn first(self) -> Address {
        self.with(self.address.bits & !self.host_bits())
    }

    /// The last address.
    pub(crate) fn last(self) -> Address {
        self.with(self.address.bits | self.host_bits())
    }

    /// How many addresses.
    pub(crate) fn size(self) -> BigInt {
        BigInt::from(self.host_bits()) + 1
    }

    /// The size, when it is one or two; a larger one is 3.
    pub(crate) fn small_size(self) -> u8 {
        u8::try_from(self.host_bits()).map_or(3, |host| host.saturating_add(1).min(3))
    }

    /// The network without the address it was written with.
    pub(crate) fn cidr(self) -> Self {
        Self { address: self.first(), ..self }
    }

    pub(crate) fn netmask(self) -> Address {
        self.with(self.family().ones() & !self.host_bits())
    }

    pub(crate) fn hostmask(self) -> Address {
        self.with(self.host_bits())
    }

    /// True when all addresses of `other` are in this one.
    pub(crate) fn contains(self, other: Self) -> bool {
        self.family() == other.family() && self.first() <= other.first() && other.last() <= self.last()
    }

    /// The address of an index; negative ones count from the end.
    pub(crate) fn nth(self, index: &BigInt) -> Option<Address> {
        let size = self.size();
        let offset = if index.sign() == num_bigint::Sign::Minus { &size + index } else { index.clone() };
        if offset.sign() == num_bigint::Sign::Minus || offset >= size {
            return None;
        }
        self.first().plus(&offset)
    }

    /// The first and the last address that a host can have; `None` for a network of one address.
    pub(crate) fn usable(self) -> Option<(Address, Address)> {
        match self.small_size() {
            1 => None,
            2 => Some((self.first(), self.last())),
            _ => Some((self.with(self.first().bits + 1), self.with(self.last().bits - 1))),
        }
    }

    /// The IPv4 network that an IPv6 one stands for.
    pub(crate) fn to_v4(self) -> Option<Self> {
        if self.family() == Family::V4 {
            return Some(self);
        }
        let high = self.address.bits >> 32;
        if high != 0 && high != 0xffff {
            return None;
        }
        let address = Address { family: Family::V4, bits: self.address.bits & 0xffff_ffff };
        Some(Self { address, prefix: self.prefix.checked_sub(96)? })
    }

    /// The IPv6 network that stands for an IPv4 one.
    pub(crate) fn to_v6(self) -> Self {
        if self.family() == Family::V6 {
            return self;
        }
        let address = Address { family: Family::V6, bits: self.address.bits | 0xffff_0000_0000 };
        Self { address, prefix: self.prefix + 96 }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.address, self.prefix)
    }
}
