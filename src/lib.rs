//! archc.
