//! The rules of uploads and files, without any input or output.

pub(crate) mod collection;
pub(crate) mod file;
pub(crate) mod name;
pub(crate) mod signature;
pub(crate) mod sniff;
pub(crate) mod tus;
pub(crate) mod upload;

kit::ids! {
    /// The id of a file.
    pub FileId = "fil";
    /// The id of an upload.
    pub UploadId = "upl";
    /// The id of a collection of files.
    pub CollectionId = "col";
}
