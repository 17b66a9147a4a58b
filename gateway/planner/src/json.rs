//! A plan as JSON: the DAG of its requests.

use serde::Serialize;
use serde_json::{Value, json};

use crate::plan::{
    ConditionId, ContextArgument, ContextSetter, Entities, NodeId, OperationKind, PartKind, Plan,
    RepresentationField, RepresentationTypename, RepresentationValue, TypeFilter,
};
use crate::text::condition_text;
use crate::under::Skipped;

#[derive(Serialize)]
struct Fetch<'p> {
    id: usize,
    subgraph: &'p str,
    after: Vec<u32>,
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    skipped: bool,
    operation: &'p str,
    variables: Vec<&'p str>,
    parts: Vec<Value>,
}

impl Plan {
    /// The plan as JSON: its kind, how many requests it makes, its depth, and the requests with
    /// the ids of those they wait for.
    pub fn to_json(&self) -> Value {
        self.json(&Skipped::default())
    }

    pub(crate) fn json(&self, skipped: &Skipped) -> Value {
        let mut paths = self.paths();
        paths[0].clear();
        let fetches: Vec<Fetch<'_>> = self
            .fetches
            .iter()
            .enumerate()
            .map(|(id, fetch)| Fetch {
                id,
                subgraph: &fetch.subgraph,
                after: fetch.after.iter().map(|other| other.0).collect(),
                condition: self.condition_json(fetch.condition),
                skipped: skipped.has(id),
                operation: &fetch.operation,
                variables: fetch.variables.iter().map(|name| &**name).collect(),
                parts: fetch
                    .parts
                    .iter()
                    .map(|part| match &part.kind {
                        PartKind::Root => json!({ "path": paths[part.at.index()] }),
                        PartKind::Entities(entities) => {
                            self.entities_json(part.at, &paths, entities)
                        }
                    })
                    .collect(),
            })
            .collect();
        let kind = match self.kind {
            OperationKind::Query => "query",
            OperationKind::Mutation => "mutation",
            OperationKind::Subscription => "subscription",
        };
        json!({
            "kind": kind,
            "requests": self.requests(),
            "depth": self.depth(),
            "introspection": self.introspection.is_some(),
            "fetches": fetches,
        })
    }

    fn condition_json(&self, id: ConditionId) -> Option<String> {
        (id != ConditionId::ALWAYS).then(|| condition_text(&self.conditions[id.index()]))
    }

    fn entities_json(&self, at: NodeId, paths: &[String], entities: &Entities) -> Value {
        let typename = match &entities.representation.typename {
            RepresentationTypename::Runtime => Value::Null,
            RepresentationTypename::Fixed(name) => Value::from(&**name),
        };
        json!({
            "path": paths[at.index()],
            "responseKey": entities.response_key,
            "variable": entities.variable,
            "types": types_json(&entities.types),
            "if": self.condition_json(entities.condition),
            "representation": {
                "typename": typename,
                "key": fields_json(&entities.representation.key),
                "requires": fields_json(&entities.representation.requires),
            },
            "context": context_json(paths, &entities.context),
        })
    }
}

fn context_json(paths: &[String], arguments: &[ContextArgument]) -> Value {
    let setter = |setter: &ContextSetter| {
        json!({
            "path": paths[setter.at.index()],
            "types": types_json(&setter.types),
            "values": fields_json(&setter.values),
        })
    };
    let argument = |argument: &ContextArgument| {
        let setters: Vec<Value> = argument.setters.iter().map(setter).collect();
        json!({ "variable": argument.variable, "from": setters })
    };
    arguments.iter().map(argument).collect()
}

fn types_json(types: &TypeFilter) -> Value {
    match types {
        TypeFilter::Any => Value::Null,
        TypeFilter::OneOf(names) => names.iter().map(|name| &**name).collect(),
    }
}

fn fields_json(fields: &[RepresentationField]) -> Value {
    let field = |field: &RepresentationField| {
        let mut value = json!({ "name": field.name });
        if field.types != TypeFilter::Any {
            value["types"] = types_json(&field.types);
        }
        if let RepresentationValue::Object { fields, .. } = &field.value {
            value["fields"] = fields_json(fields);
        }
        value
    };
    fields.iter().map(field).collect()
}
