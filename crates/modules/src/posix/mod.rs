//! Modules of the collection `ansible.posix`.

mod authorized_key;
mod mount;
mod synchronize;
mod sysctl;

pub(crate) use authorized_key::AuthorizedKey;
pub(crate) use mount::Mount;
pub(crate) use synchronize::Synchronize;
pub(crate) use sysctl::Sysctl;
