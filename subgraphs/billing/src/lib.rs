//! Plans, usage and invoices
