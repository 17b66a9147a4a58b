//! What users of identity see.

mod world;

mod access;
mod doors;
mod users;
