//! The playbook room of churten.
