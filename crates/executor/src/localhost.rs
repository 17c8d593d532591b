//! The controller as a host that no inventory names.

/// Names that stand for the controller itself when the inventory has no such host.
pub(crate) fn is_local_name(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}
