//! The calls that the standard library and rustix do not offer safely.
#![expect(
    unsafe_code,
    reason = "the C library's time zones and interface addresses, a step between fork and exec, and leases"
)]

use crate::host::InterfaceAddress;
use std::ffi::CStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Seconds east of UTC at a time, by the C library's reading of `TZ` and `/etc/localtime`.
pub(super) fn utc_offset(time: libc::time_t) -> i32 {
    // SAFETY: `tm` is plain data for which zeroes are valid, and `localtime_r` only writes into it.
    let broken_down = unsafe {
        let mut broken_down: libc::tm = std::mem::zeroed();
        if libc::localtime_r(&raw const time, &raw mut broken_down).is_null() {
            return 0;
        }
        broken_down
    };
    i32::try_from(broken_down.tm_gmtoff).unwrap_or(0)
}

/// Let the child have its own file creation mask.
pub(super) fn set_umask(command: &mut Command, mask: u32) {
    // SAFETY: the closure runs in the child between fork and exec and makes one async-signal-safe system call.
    unsafe {
        command.pre_exec(move || {
            rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
            Ok(())
        });
    }
}

/// Let the child lead a session of its own, with the terminal that is its standard input.
pub(super) fn set_terminal(command: &mut Command) {
    // SAFETY: the closure runs in the child between fork and exec and makes two async-signal-safe system calls.
    unsafe {
        command.pre_exec(|| {
            rustix::process::setsid()?;
            rustix::process::ioctl_tiocsctty(std::io::stdin())?;
            Ok(())
        });
    }
}

/// Whether anybody has a file open for writing, found out by the lease that the kernel only gives when nobody has (fcntl(2),
/// `F_SETLEASE`); `None` where the file system or the kernel cannot tell.
pub(super) fn has_writers(file: &std::fs::File) -> Option<bool> {
    use std::os::fd::AsRawFd as _;
    // SAFETY: `fcntl` with these commands takes numbers only, and the descriptor lives as long as the call.
    let lease = |kind: libc::c_int| unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, kind) };
    if lease(libc::F_RDLCK) == 0 {
        lease(libc::F_UNLCK);
        return Some(false);
    }
    (std::io::Error::last_os_error().raw_os_error() == Some(libc::EAGAIN)).then_some(true)
}

/// Let the child have its own soft limit of open files. The hard one stays, and stays above it.
pub(super) fn set_open_files(command: &mut Command, wanted: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // SAFETY: the closure runs in the child between fork and exec and makes async-signal-safe system calls.
    unsafe {
        command.pre_exec(move || {
            let maximum = getrlimit(Resource::Nofile).maximum;
            let current = Some(maximum.map_or(wanted, |maximum| wanted.min(maximum)));
            // Some systems refuse more than they say.
            let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum });
            Ok(())
        });
    }
}

/// What `getifaddrs` tells, without the entries that carry no internet address.
pub(super) fn interface_addresses() -> Vec<InterfaceAddress> {
    let mut first: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: `getifaddrs` writes the head of a list that is ours until `freeifaddrs`.
    if unsafe { libc::getifaddrs(&raw mut first) } != 0 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut next = first;
    // SAFETY: every pointer of the list is null or valid until `freeifaddrs`.
    while let Some(entry) = unsafe { next.as_ref() } {
        next = entry.ifa_next;
        // SAFETY: as above; the name ends with a zero byte.
        let (address, mask, name) =
            unsafe { (internet(entry.ifa_addr), internet(entry.ifa_netmask), CStr::from_ptr(entry.ifa_name)) };
        let Some(address) = address else { continue };
        let prefix = match mask {
            Some(IpAddr::V4(mask)) => mask.to_bits().count_ones(),
            Some(IpAddr::V6(mask)) => mask.to_bits().count_ones(),
            None => 0,
        };
        let has_broadcast = entry.ifa_flags & libc::IFF_BROADCAST as libc::c_uint != 0;
        // SAFETY: as above; the field is a broadcast address when the flag says so.
        let broadcast = match unsafe { internet(entry.ifa_ifu) } {
            // Where none is set, the C library repeats the address.
            Some(IpAddr::V4(broadcast)) if has_broadcast && IpAddr::V4(broadcast) != address => Some(broadcast),
            _ => None,
        };
        found.push(InterfaceAddress {
            interface: name.to_string_lossy().into_owned(),
            address,
            prefix: u8::try_from(prefix).unwrap_or(0),
            broadcast,
        });
    }
    // SAFETY: the list came from `getifaddrs` and nothing of it is used any more.
    unsafe { libc::freeifaddrs(first) };
    found
}

/// The internet address in a socket address.
///
/// # Safety
/// The pointer is null, or points to a socket address of the size that its family says.
unsafe fn internet(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: the caller's promise.
    let family = i32::from(unsafe { address.as_ref() }?.sa_family);
    match family {
        libc::AF_INET => {
            // SAFETY: the caller's promise for this family; read unaligned, as lists are packed as the library likes.
            let address = unsafe { address.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let address = unsafe { address.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Ipv6Addr::from(address.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}
