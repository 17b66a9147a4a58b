//! Customers and their identities in other systems
