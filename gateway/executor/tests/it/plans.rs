//! Plans written by hand, as short as they can be.

use std::sync::Arc;

use planner::plan::{
    AnswerField, AnswerValue, Condition, ConditionId, Entities, Fetch, FetchId, Leaf, Literal,
    Node, NodeId, Nullability, OperationKind, Part, PartKind, Plan, Representation,
    RepresentationField, RepresentationTypename, RepresentationValue, Selection, SelectionGroup,
    SelectionId, Shape, ShapeField, ShapeId, Source, Supplier, TypeFilter, Typename, Wrapping,
};

/// A plan that grows.
pub(crate) struct Build(pub(crate) Plan);

fn id(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

impl Build {
    pub(crate) fn new(kind: OperationKind) -> Self {
        Self(Plan {
            kind,
            fetches: Vec::new(),
            nodes: Vec::new(),
            shapes: Vec::new(),
            selections: Vec::new(),
            conditions: vec![Condition {
                any_of: vec![Vec::new()],
            }],
            root: SelectionId(0),
            introspection: None,
        })
    }

    pub(crate) fn shape(&mut self, fields: &[(&str, Option<ShapeId>)]) -> ShapeId {
        let fields = fields.iter().map(|&(key, object)| ShapeField {
            key: key.into(),
            object,
        });
        self.0.shapes.push(Shape {
            fields: fields.collect(),
            typename: None,
        });
        ShapeId(id(self.0.shapes.len() - 1))
    }

    /// A position of one type, or of several (separated by `|`), read from slot 0 of source 0.
    pub(crate) fn node(
        &mut self,
        parent: Option<NodeId>,
        types: &str,
        sources: &[Source],
    ) -> NodeId {
        let possible: Vec<Arc<str>> = types.split('|').map(Arc::from).collect();
        let typename = match &possible[..] {
            [only] => Typename::Fixed(Arc::clone(only)),
            _ => Typename::Read {
                from: from(0, 0),
                possible: possible.into(),
            },
        };
        self.0.nodes.push(Node {
            parent,
            sources: sources.to_vec(),
            typename,
        });
        NodeId(id(self.0.nodes.len() - 1))
    }

    pub(crate) fn fetch(&mut self, subgraph: &str, after: &[u32], parts: Vec<Part>) -> FetchId {
        self.0.fetches.push(Fetch {
            subgraph: subgraph.into(),
            after: after.iter().copied().map(FetchId).collect(),
            condition: ConditionId::ALWAYS,
            operation: format!("operation of {subgraph}").into(),
            variables: Vec::new(),
            parts,
        });
        FetchId(id(self.0.fetches.len() - 1))
    }

    pub(crate) fn select(&mut self, node: NodeId, fields: Vec<AnswerField>) -> SelectionId {
        self.select_by_type(node, vec![(TypeFilter::Any, fields)])
    }

    pub(crate) fn select_by_type(
        &mut self,
        node: NodeId,
        groups: Vec<(TypeFilter, Vec<AnswerField>)>,
    ) -> SelectionId {
        let groups = groups.into_iter();
        let groups = groups.map(|(types, fields)| SelectionGroup { types, fields });
        self.0.selections.push(Selection {
            node,
            groups: groups.collect(),
        });
        SelectionId(id(self.0.selections.len() - 1))
    }

    /// A condition on one variable.
    pub(crate) fn condition(&mut self, variable: &str, expected: bool) -> ConditionId {
        let literal = Literal {
            variable: variable.into(),
            expected,
        };
        self.0.conditions.push(Condition {
            any_of: vec![vec![literal]],
        });
        ConditionId(id(self.0.conditions.len() - 1))
    }

    pub(crate) fn root(mut self, root: SelectionId) -> Plan {
        self.0.root = root;
        self.0
    }
}

pub(crate) fn types(names: &[&str]) -> TypeFilter {
    TypeFilter::OneOf(names.iter().copied().map(Arc::from).collect())
}

pub(crate) fn slot(parent: u32, slot: u32) -> Source {
    Source::Slot { parent, slot }
}

pub(crate) fn part(fetch: u32, part: u32) -> Source {
    Source::Part {
        fetch: FetchId(fetch),
        part,
    }
}

pub(crate) fn from(source: u32, slot: u32) -> Vec<Supplier> {
    vec![Supplier {
        source,
        slot,
        condition: ConditionId::ALWAYS,
    }]
}

pub(crate) fn root_part(at: NodeId, shape: ShapeId) -> Part {
    Part {
        at,
        kind: PartKind::Root,
        shape,
    }
}

/// A call whose response key is `key`, with representations in the variable `r` and the key.
pub(crate) fn entities(at: NodeId, shape: ShapeId, key: &str, fields: Fields) -> Part {
    Part {
        at,
        kind: PartKind::Entities(Entities {
            response_key: key.into(),
            variable: format!("r{key}").into(),
            types: TypeFilter::Any,
            condition: ConditionId::ALWAYS,
            representation: Representation {
                typename: RepresentationTypename::Runtime,
                key: fields.key,
                requires: fields.requires,
                needs: Vec::new(),
            },
            context: Vec::new(),
        }),
        shape,
    }
}

/// The fields of a representation.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) key: Vec<RepresentationField>,
    pub(crate) requires: Vec<RepresentationField>,
}

impl Fields {
    pub(crate) fn key(name: &str, source: u32, slot: u32) -> Self {
        Self {
            key: vec![send(name, RepresentationValue::Leaf(from(source, slot)))],
            requires: Vec::new(),
        }
    }

    pub(crate) fn requires(mut self, name: &str, value: RepresentationValue) -> Self {
        self.requires.push(send(name, value));
        self
    }
}

pub(crate) fn send(name: &str, value: RepresentationValue) -> RepresentationField {
    RepresentationField {
        name: name.into(),
        types: TypeFilter::Any,
        value,
    }
}

/// A leaf of the answer; its type as GraphQL writes it. `Color` is an enum, `Json` custom.
pub(crate) fn leaf(response_key: &str, from: Vec<Supplier>, ty: &str) -> AnswerField {
    let leaf = match ty.trim_matches(['[', ']', '!']) {
        "Int" => Leaf::Int,
        "Float" => Leaf::Float,
        "String" => Leaf::String,
        "Boolean" => Leaf::Boolean,
        "ID" => Leaf::Id,
        "Color" => Leaf::Enum(["GREEN".into(), "RED".into()].into()),
        "Json" => Leaf::Custom,
        other => panic!("{other} is no leaf"),
    };
    field(
        response_key,
        AnswerValue::Leaf {
            from,
            wrapping: wrapping(ty),
            leaf,
        },
    )
}

pub(crate) fn object(
    response_key: &str,
    from: Vec<Supplier>,
    ty: &str,
    selection: SelectionId,
) -> AnswerField {
    field(
        response_key,
        AnswerValue::Object {
            from,
            wrapping: wrapping(ty),
            selection,
        },
    )
}

pub(crate) fn field(response_key: &str, value: AnswerValue) -> AnswerField {
    AnswerField {
        response_key: response_key.into(),
        condition: ConditionId::ALWAYS,
        unless: None,
        value,
    }
}

fn wrapping(ty: &str) -> Wrapping {
    let nullability = |rest: &mut &str| match rest.strip_suffix('!') {
        Some(nullable) => {
            *rest = nullable;
            Nullability::NonNull
        }
        None => Nullability::Nullable,
    };
    let mut rest = ty;
    let mut lists = Vec::new();
    loop {
        let own = nullability(&mut rest);
        match rest
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            Some(inner) => {
                lists.push(own);
                rest = inner;
            }
            None => return Wrapping { lists, item: own },
        }
    }
}

/// `{ products { name price stock } }`: `catalog` has products with names, `prices` their prices,
/// and `stock` their stock, for which it requires the price.
pub(crate) struct Shop {
    pub(crate) kind: OperationKind,
    /// The type of `Query.products`.
    pub(crate) products: &'static str,
    pub(crate) price: &'static str,
    pub(crate) stock: &'static str,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            kind: OperationKind::Query,
            products: "[Product]",
            price: "Int",
            stock: "Int",
        }
    }
}

impl Shop {
    pub(crate) fn plan(&self) -> Plan {
        let mut build = Build::new(self.kind);
        let product = build.shape(&[("_id", None), ("name", None)]);
        let query = build.shape(&[("products", Some(product))]);
        let price = build.shape(&[("price", None)]);
        let stock = build.shape(&[("stock", None)]);
        let root = build.node(None, "Query", &[part(0, 0)]);
        let products = build.node(Some(root), "Product", &[slot(0, 0), part(1, 0), part(2, 0)]);
        let key = || Fields::key("id", 0, 0);
        let requires = RepresentationValue::Leaf(from(1, 0));
        build.fetch("catalog", &[], vec![root_part(root, query)]);
        let prices = entities(products, price, "_entities", key());
        build.fetch("prices", &[0], vec![prices]);
        let stocks = key().requires("price", requires);
        let stocks = entities(products, stock, "_entities", stocks);
        build.fetch("stock", &[0, 1], vec![stocks]);
        let product = build.select(
            products,
            vec![
                leaf("name", from(0, 1), "String"),
                leaf("price", from(1, 0), self.price),
                leaf("stock", from(2, 0), self.stock),
            ],
        );
        let root = build.select(
            root,
            vec![object("products", from(0, 0), self.products, product)],
        );
        build.root(root)
    }
}

/// `{ products { name } users { name } }`, where `lists` has the lists and one request to `names`
/// asks for both kinds of names.
pub(crate) fn two_parts(kind: OperationKind) -> Plan {
    let mut build = Build::new(kind);
    let entity = build.shape(&[("_id", None)]);
    let query = build.shape(&[("products", Some(entity)), ("users", Some(entity))]);
    let name = build.shape(&[("name", None)]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let products = build.node(Some(root), "Product", &[slot(0, 0), part(1, 0)]);
    let users = build.node(Some(root), "User", &[slot(0, 1), part(1, 1)]);
    build.fetch("lists", &[], vec![root_part(root, query)]);
    let parts = vec![
        entities(products, name, "_e0", Fields::key("id", 0, 0)),
        entities(users, name, "_e1", Fields::key("id", 0, 0)),
    ];
    build.fetch("names", &[0], parts);
    let product = build.select(products, vec![leaf("name", from(1, 0), "String")]);
    let user = build.select(users, vec![leaf("name", from(1, 0), "String")]);
    let root = build.select(
        root,
        vec![
            object("products", from(0, 0), "[Product]", product),
            object("users", from(0, 1), "[User]", user),
        ],
    );
    build.root(root)
}
