//! What only the inside of the crate can see: how many statements a request costs.
