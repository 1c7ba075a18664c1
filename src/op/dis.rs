//! dis
