//! Ranges with a meaning of their own (IANA's registries of special-purpose addresses, RFC 6890).

use super::{Address, Family, Network};

/// A block of addresses: its first one, and the length of its prefix.
struct Block(Address, u8);

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Block {
    let bits = u32::from_be_bytes([a, b, c, d]) as u128;
    Block(Address { family: Family::V4, bits }, prefix)
}

const fn v6(groups: [u16; 4], last: u128, prefix: u8) -> Block {
    let [a, b, c, d] = groups;
    let high = (a as u128) << 112 | (b as u128) << 96 | (c as u128) << 80 | (d as u128) << 64;
    Block(Address { family: Family::V6, bits: high | last }, prefix)
}

const LOOPBACK: &[Block] = &[v4(127, 0, 0, 0, 8), v6([0; 4], 1, 128)];
const LINK_LOCAL: &[Block] = &[v4(169, 254, 0, 0, 16), v6([0xfe80, 0, 0, 0], 0, 10)];
const MULTICAST: &[Block] = &[v4(224, 0, 0, 0, 4), v6([0xff00, 0, 0, 0], 0, 8)];

/// Not globally reachable.
const LOCAL: &[Block] = &[
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(240, 0, 0, 0, 4),
    v6([0; 4], 1, 128),
    v6([0; 4], 0, 128),
    v6([0; 4], 0xffff_0000_0000, 96),
    v6([0x64, 0xff9b, 1, 0], 0, 48),
    v6([0x100, 0, 0, 0], 0, 64),
    v6([0x2001, 0, 0, 0], 0, 23),
    v6([0x2001, 0xdb8, 0, 0], 0, 32),
    v6([0x2002, 0, 0, 0], 0, 16),
    v6([0xfc00, 0, 0, 0], 0, 7),
    v6([0xfe80, 0, 0, 0], 0, 10),
];

/// Globally reachable although inside a block of [`LOCAL`].
const GLOBAL: &[Block] = &[
    v4(192, 0, 0, 9, 32),
    v4(192, 0, 0, 10, 32),
    v6([0x2001, 1, 0, 0], 1, 128),
    v6([0x2001, 1, 0, 0], 2, 128),
    v6([0x2001, 3, 0, 0], 0, 32),
    v6([0x2001, 4, 0x112, 0], 0, 48),
    v6([0x2001, 0x20, 0, 0], 0, 28),
    v6([0x2001, 0x30, 0, 0], 0, 28),
];

/// What Python 3.11's `ipaddress` calls private.
const PRIVATE_IN_PYTHON: &[Block] = &[
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 29),
    v4(192, 0, 0, 170, 31),
    v4(192, 0, 2, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(240, 0, 0, 0, 4),
    v6([0; 4], 1, 128),
    v6([0; 4], 0, 128),
    v6([0; 4], 0xffff_0000_0000, 96),
    v6([0x100, 0, 0, 0], 0, 64),
    v6([0x2001, 0, 0, 0], 0, 23),
    v6([0x2001, 0xdb8, 0, 0], 0, 32),
    v6([0xfc00, 0, 0, 0], 0, 7),
    v6([0xfe80, 0, 0, 0], 0, 10),
];

const SHARED: Block = v4(100, 64, 0, 0, 10);

/// Reserved for later; of IPv6 all that is not unicast, local or multicast.
const RESERVED: &[Block] = &[
    v4(240, 0, 0, 0, 4),
    v6([0; 4], 0, 8),
    v6([0x100, 0, 0, 0], 0, 8),
    v6([0x200, 0, 0, 0], 0, 7),
    v6([0x400, 0, 0, 0], 0, 6),
    v6([0x800, 0, 0, 0], 0, 5),
    v6([0x1000, 0, 0, 0], 0, 4),
    v6([0x4000, 0, 0, 0], 0, 3),
    v6([0x6000, 0, 0, 0], 0, 3),
    v6([0x8000, 0, 0, 0], 0, 3),
    v6([0xa000, 0, 0, 0], 0, 3),
    v6([0xc000, 0, 0, 0], 0, 3),
    v6([0xe000, 0, 0, 0], 0, 4),
    v6([0xf000, 0, 0, 0], 0, 5),
    v6([0xf800, 0, 0, 0], 0, 6),
    v6([0xfe00, 0, 0, 0], 0, 9),
];

fn is_in(address: Address, blocks: &[Block]) -> bool {
    let one = address.single();
    blocks.iter().any(|Block(first, prefix)| Network { address: *first, prefix: *prefix }.contains(one))
}

impl Address {
    pub(crate) fn is_loopback(self) -> bool {
        is_in(self, LOOPBACK)
    }

    pub(crate) fn is_link_local(self) -> bool {
        is_in(self, LINK_LOCAL)
    }

    pub(crate) fn is_multicast(self) -> bool {
        is_in(self, MULTICAST)
    }

    /// Reachable from everywhere.
    pub(crate) fn is_global(self) -> bool {
        is_in(self, GLOBAL) || !is_in(self, LOCAL)
    }

    /// An IPv4 address written as an IPv6 one.
    pub(crate) fn is_mapped(self) -> bool {
        self.family == Family::V6 && self.bits >> 32 == 0xffff
    }

    pub(crate) fn is_private_in_python(self) -> bool {
        match self.single().to_v4() {
            Some(plain) if self.is_mapped() => is_in(plain.address, PRIVATE_IN_PYTHON),
            _ => is_in(self, PRIVATE_IN_PYTHON),
        }
    }

    pub(crate) fn is_global_in_python(self) -> bool {
        !self.is_private_in_python() && !is_in(self, &[SHARED])
    }

    pub(crate) fn is_reserved(self) -> bool {
        is_in(self, RESERVED)
    }
}
