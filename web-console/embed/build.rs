//! Builds the crate again when the console was built again.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    // Cargo takes a folder that is missing for one that has just changed, and would link the binary
    // anew at every turn. Where it cannot be made, that is all that happens.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
}
