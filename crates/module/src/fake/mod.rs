//! A machine in memory, for tests.
