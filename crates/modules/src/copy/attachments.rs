//! What the controller's `copy` action and the module say to each other beside the arguments.

/// The attachment with the content.
pub const CONTENT: &str = "content";
/// The attachment with the SHA-1 and the size of the content, in its place: the content is sent only when the host has
/// another one.
pub const DIGEST: &str = "digest";
/// The attachment with the text of the difference's `after_header`: the path on the controller.
pub const HEADER: &str = "header";
/// The attachment that says that the module is to decide whether there is anything to do (`assemble`).
pub const AT_ONCE: &str = "at_once";
/// The attachment with the size in bytes of the largest file that a difference shows, in decimal digits.
pub const LARGEST_SHOWN: &str = "largest_shown";
/// Key of a result that says: the content has to be sent.
pub const CONTENT_NEEDED: &str = "_churten_content_needed";

/// The largest file that a difference shows where nothing else is said, in bytes (ansible-core's `max_diff_size`).
pub const DEFAULT_LARGEST_SHOWN: u64 = 104_448;

/// No difference shows a larger file, whatever is asked for: both of its sides have to fit a result.
pub const MOST_LARGEST_SHOWN: u64 = 24 << 20;
