//! `createFileCollection`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{ConflictError, ValidationError};
use kit::scalar::Int53;
use kit::viewer::viewer;

use super::collection::FileCollection;
use crate::domain::CollectionId;
use crate::domain::collection::{Collection, parse_slug};
use crate::platform::Platform;
use crate::store;

#[derive(Default)]
pub(crate) struct CreateFileCollection;

#[derive(Debug, InputObject)]
struct CreateFileCollectionInput {
    /// Its short name, unique in the tenant
    slug: String,
    /// Such as `application/pdf` or `image/*`; at most 50
    allowed_mime_types: Option<Vec<String>>,
    /// Bytes that a file may have
    max_file_size: Option<Int53>,
}

#[derive(SimpleObject)]
struct CreateFileCollectionPayload {
    collection: Option<FileCollection>,
    errors: Vec<CreateFileCollectionError>,
}

/// Why a collection was not made
#[derive(Union)]
enum CreateFileCollectionError {
    Validation(ValidationError),
    Conflict(ConflictError),
}

/// Types that a collection can name; the whole registry has families that `/*` covers.
const MIME_TYPES_MAX: usize = 50;

#[Object]
impl CreateFileCollection {
    #[graphql(requires_scopes = "files:admin")]
    async fn create_file_collection(
        &self,
        ctx: &Context<'_>,
        input: CreateFileCollectionInput,
    ) -> async_graphql::Result<CreateFileCollectionPayload> {
        let mut errors = Vec::new();
        let slug = parse_slug(&input.slug);
        if let Err(bad) = slug {
            errors.push(ValidationError::new(bad.to_string(), &["input", "slug"]));
        }
        let types = input.allowed_mime_types;
        if types.as_ref().is_some_and(|types| {
            types.len() > MIME_TYPES_MAX || !types.iter().all(|text| is_mime_type(text))
        }) {
            let message =
                format!("use at most {MIME_TYPES_MAX} types such as image/png or image/*");
            errors.push(ValidationError::new(
                message,
                &["input", "allowedMimeTypes"],
            ));
        }
        let (Ok(slug), true) = (slug, errors.is_empty()) else {
            let errors = errors
                .into_iter()
                .map(CreateFileCollectionError::Validation)
                .collect();
            return Ok(CreateFileCollectionPayload {
                collection: None,
                errors,
            });
        };
        let platform = ctx.data::<Platform>()?;
        let scope = viewer(ctx)?.scope();
        let now = platform.clock.now();
        let collection = Collection {
            id: CollectionId::new(now),
            tenant: scope.tenant(),
            slug,
            allowed_mime_types: types,
            file_bytes_max: input.max_file_size.map(Int53::value),
            version: 1,
            created_at: now,
        };
        match platform.store.insert_collection(&scope, &collection).await {
            Ok(()) => Ok(CreateFileCollectionPayload {
                collection: Some(collection.into()),
                errors: Vec::new(),
            }),
            Err(store::Error::Duplicate) => {
                let error =
                    ConflictError::new("another collection has this slug", &["input", "slug"]);
                let errors = vec![CreateFileCollectionError::Conflict(error)];
                Ok(CreateFileCollectionPayload {
                    collection: None,
                    errors,
                })
            }
            Err(error) => Err(fault(error)),
        }
    }
}

fn is_mime_type(text: &str) -> bool {
    let legal = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/')
        .is_some_and(|(family, kind)| legal(family) && (kind == "*" || legal(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mime_types() {
        assert!(is_mime_type("image/svg+xml"));
        assert!(is_mime_type("image/*"));
        assert!(!is_mime_type("*/*"));
        assert!(!is_mime_type("image"));
        assert!(!is_mime_type("image/"));
        assert!(!is_mime_type("a b/c"));
    }
}
