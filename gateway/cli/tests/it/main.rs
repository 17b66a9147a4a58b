//! What the binary promises, tried from outside: over HTTP, with other people's clients, and by
//! killing it.

mod architecture;
mod schema;
