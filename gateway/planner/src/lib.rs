//! From an operation to the plan of the subgraph requests that answer it.
//!
//! Pure: equal input gives equal output. All work is counted, so no operation takes long.

mod apollo;
pub mod batch;
mod budget;
mod build;
mod collect;
mod condition;
mod decide;
mod dot;
mod draft;
mod emit;
mod error;
mod goals;
mod introspection;
mod json;
mod map;
mod options;
pub mod plan;
mod print;
mod requests;
mod routes;
mod search;
mod sites;
mod text;
mod type_set;
mod under;
mod validate;
pub mod verify;
mod wants;
mod when;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::OperationType;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use supergraph::{Root, Supergraph, TypeId};

pub use error::Error;
pub use options::Options;
pub use plan::Plan;
pub use under::Under;
pub use validate::{Place, Violation, validate};

use budget::Budget;
use goals::GoalSetId;
use plan::OperationKind;
use sites::Standing;
use wants::Terrain;

/// Plans an operation of a document that is valid against the API schema.
///
/// # Errors
///
/// [`Error`] if there is no such operation, if it takes too much work, or if the supergraph has
/// no way to one of its fields.
pub fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation_name: Option<&str>,
    options: &Options,
) -> Result<Plan, Error> {
    let operation = document
        .operations
        .get(operation_name)
        .map_err(|error| Error::Operation(error.message().to_string()))?;
    let (kind, root) = match operation.operation_type {
        OperationType::Query => (OperationKind::Query, Root::Query),
        OperationType::Mutation => (OperationKind::Mutation, Root::Mutation),
        OperationType::Subscription => (OperationKind::Subscription, Root::Subscription),
    };
    let root = supergraph
        .root(root)
        .ok_or_else(|| Error::Mismatch(format!("there is no type for {kind:?}")))?;
    let asked = (kind, root, options.alternatives_max);
    let budget = Budget::new(options.steps_max);
    let mut terrain = Terrain::new(supergraph, options, Standing::Possible, budget);
    let (goals, found) = match draft(&mut terrain, document, operation, asked) {
        // What composition accepts is asked at most of objects that are never there.
        Err(error @ (Error::Unreachable { .. } | Error::Divided { .. })) => {
            terrain = Terrain::new(supergraph, options, Standing::Agreed, terrain.budget);
            draft(&mut terrain, document, operation, asked).map_err(|_| error)?
        }
        drafted => drafted?,
    };
    let search::Found {
        mut draft,
        requests,
    } = found;
    when::run(&mut terrain, &mut draft, goals)?;
    let mut plan = emit::plan(&mut terrain, &draft, &requests, operation, kind, goals)?;
    if let Some(query) = supergraph.root(Root::Query) {
        let query = supergraph.ty(query).name.clone();
        let asked = terrain.goals.introspected();
        plan.introspection = introspection::document(asked, query, operation, document);
    }
    debug_assert!(
        verify::check(&plan, supergraph, document, operation, options)
            .inspect_err(|flaw| panic!("{flaw}\n{}", plan.to_text()))
            .is_ok()
    );
    Ok(plan)
}

/// What is wanted, and the best draft for it that is found in so many attempts.
fn draft<'g>(
    terrain: &mut Terrain<'g>,
    document: &'g ExecutableDocument,
    operation: &'g Operation,
    (kind, root, alternatives_max): (OperationKind, TypeId, u32),
) -> Result<(GoalSetId, search::Found), Error> {
    let (goals, budget) = (&mut terrain.goals, &mut terrain.budget);
    let sites = &mut terrain.sites;
    let goals = collect::operation(sites, document, operation, root, goals, budget)?;
    let found = search::best(terrain, kind, root, goals, alternatives_max)?;
    Ok((goals, found))
}
