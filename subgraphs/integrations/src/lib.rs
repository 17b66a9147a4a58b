//! Connections to other systems and their encrypted credentials
