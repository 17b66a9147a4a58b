//! Tenants, users, service accounts and their tokens
