//! Content that comes with the invocation.
