//! What tables of mounted file systems have in common (proc_pid_mounts(5), fstab(5)).

use churten_module::FileSystemSize;
use churten_value::Dict;

/// The size of a file system, as facts tell it.
pub(crate) fn insert_size(facts: &mut Dict, size: &FileSystemSize) {
    for (name, number) in [
        ("size_total", size.fragment_size.saturating_mul(size.blocks)),
        ("size_available", size.fragment_size.saturating_mul(size.blocks_available)),
        ("block_size", size.block_size),
        ("block_total", size.blocks),
        ("block_available", size.blocks_available),
        ("block_used", size.blocks.saturating_sub(size.blocks_available)),
        ("inode_total", size.inodes),
        ("inode_available", size.inodes_available),
        ("inode_used", size.inodes.saturating_sub(size.inodes_available)),
    ] {
        facts.insert(name, number);
    }
}

/// `\040` is a blank.
pub(crate) fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut result = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.split_at_checked(3).map(|(digits, rest)| (u8::from_str_radix(digits, 8), rest)) {
            Some((Ok(byte), rest)) => {
                result.push(byte);
                result.extend_from_slice(rest.as_bytes());
            }
            _ => {
                result.push(b'\\');
                result.extend_from_slice(part.as_bytes());
            }
        }
    }
    churten_value::escape_bytes(&result).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn blanks_are_escaped() {
        assert_eq!(super::unescape(r"/a\040b\134c\9"), r"/a b\c\9");
    }
}
