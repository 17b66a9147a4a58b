//! Resumable uploads, files and their blobs
