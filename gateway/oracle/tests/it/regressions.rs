//! Graphs on which answers were wrong once. A seed alone would change its meaning with the
//! generator, so each stands here as it was found, made small.
