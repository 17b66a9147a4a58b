//! Events: written with the change, read by a cursor.
