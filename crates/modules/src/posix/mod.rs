//! Modules of the collection `ansible.posix`.

mod authorized_key;
mod mount;
mod sysctl;

pub(crate) use authorized_key::AuthorizedKey;
pub(crate) use mount::Mount;
pub(crate) use sysctl::Sysctl;
