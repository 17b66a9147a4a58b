//! The list of faults keeps up with the code.

use std::path::Path;

use oracle::faults;

#[test]
fn every_fault_can_be_planted() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let list = faults::read(include_str!("../../faults/faults.yaml")).unwrap();
    assert_eq!(list.len(), 51);
    for fault in list {
        fault.check(&repository).unwrap();
    }
}
