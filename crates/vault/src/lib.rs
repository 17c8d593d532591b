//! Ansible vaults: reading, writing and the secrets that open them.
