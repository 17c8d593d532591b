//! What the kernel says about the machine as a whole.

use std::net::{IpAddr, Ipv4Addr};

/// The answer of `uname`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemName {
    /// `Linux`.
    pub system: String,
    /// `6.1.0-18-amd64`.
    pub release: String,
    /// `#1 SMP PREEMPT_DYNAMIC ...`.
    pub version: String,
    /// `x86_64`.
    pub machine: String,
}

/// One address of a network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The interface, or the label of the address (`eth0:1`).
    pub interface: String,
    /// The address.
    pub address: IpAddr,
    /// How many leading bits name the network.
    pub prefix: u8,
    /// Where everybody in that network hears.
    pub broadcast: Option<Ipv4Addr>,
}

/// The answer of `statvfs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileSystemSize {
    /// Bytes of a block.
    pub fragment_size: u64,
    /// Preferred bytes of a transfer.
    pub block_size: u64,
    /// Blocks.
    pub blocks: u64,
    /// Blocks free for users other than root.
    pub blocks_available: u64,
    /// Inodes.
    pub inodes: u64,
    /// Inodes free for users other than root.
    pub inodes_available: u64,
}

/// No answer came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;
