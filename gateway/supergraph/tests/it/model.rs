use supergraph::{SubgraphId, Supergraph};

/// The machinery that every supergraph carries.
const HEAD: &str = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, overrideLabel: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar link__Import
scalar join__FieldSet
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
"#;

const A: SubgraphId = SubgraphId(0);
const B: SubgraphId = SubgraphId(1);

#[test]
fn run_time_types_differ_by_subgraph() {
    let graph = Supergraph::parse(&format!(
        r#"{HEAD}
        type Query @join__type(graph: A) @join__type(graph: B) {{ a: U }}
        interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {{ id: ID! more: Int @join__field(graph: B) }}
        type X implements I @join__type(graph: A, key: "id") @join__implements(graph: A, interface: "I") {{ id: ID! more: Int @join__field }}
        type Y @join__type(graph: A) @join__type(graph: B) {{ y: Int }}
        union U @join__type(graph: A) @join__type(graph: B) @join__unionMember(graph: A, member: "X") @join__unionMember(graph: A, member: "Y") @join__unionMember(graph: B, member: "Y") = X | Y
        "#
    ))
    .expect("it is a supergraph");
    let id = |name: &str| graph.type_id(name).expect("the type exists");
    let (i, x, y, u) = (graph.ty(id("I")), id("X"), id("Y"), graph.ty(id("U")));
    assert_eq!(i.possible, [x]);
    assert_eq!(i.within[&A].possible, [x]);
    assert_eq!(i.within[&B].possible, [id("I")]);
    assert_eq!(u.within[&A].possible, [x, y]);
    assert_eq!(u.within[&B].possible, [y]);
    assert!(
        graph.ty(x).fields["more"].within.is_empty(),
        "only the interface object has it"
    );
    assert_eq!(i.fields["id"].within.len(), 2);
}

#[test]
fn an_interface_object_without_objects_stands_for_itself() {
    let graph = Supergraph::parse(&format!(
        r#"{HEAD}
        type Query @join__type(graph: A) @join__type(graph: B) {{ b: I @join__field(graph: B) }}
        interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {{ id: ID! }}
        "#
    ))
    .expect("it is a supergraph");
    let id = graph.type_id("I").expect("the type exists");
    assert_eq!(graph.ty(id).possible, [id]);
    assert_eq!(graph.ty(id).within[&A].possible, []);
    assert_eq!(graph.ty(id).within[&B].possible, [id]);
}

#[test]
fn a_label_stands_on_both_sides_of_an_override() {
    let graph = Supergraph::parse(&format!(
        r#"{HEAD}
        type Query @join__type(graph: A) @join__type(graph: B) {{
          a: Int @join__field(graph: A) @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
        }}
        "#
    ))
    .expect("it is a supergraph");
    let query = graph.ty(graph.type_id("Query").expect("the type exists"));
    let field = &query.fields["a"];
    assert_eq!(
        field.within[&A].overridden_under.as_deref(),
        Some("percent(5)")
    );
    let over = field.within[&B].overrides.as_ref().expect("it overrides");
    assert_eq!(
        (&*over.from, over.label.as_deref()),
        ("a", Some("percent(5)"))
    );
}

#[test]
fn the_oldest_form_implies_what_later_ones_say() {
    let graph = Supergraph::parse(
        r#"
        schema
          @core(feature: "https://specs.apollo.dev/core/v0.1")
          @core(feature: "https://specs.apollo.dev/join/v0.1")
        { query: Query }
        directive @core(feature: String!) repeatable on SCHEMA
        directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
        directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
        directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        scalar join__FieldSet
        enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
        type Query { me: User @join__field(graph: A) }
        type User @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID! @join__field(graph: A)
          name: String
          reviews: [Review] @join__field(graph: B)
        }
        type Review { body: String }
        "#,
    )
    .expect("it is a supergraph");
    let ty = |name: &str| graph.ty(graph.type_id(name).expect("the type exists"));
    let subgraphs = |ty: &supergraph::Type, field: &str| -> Vec<SubgraphId> {
        ty.fields[field].within.keys().copied().collect()
    };
    assert_eq!(
        subgraphs(ty("User"), "id"),
        [A, B],
        "an extension resolves its key"
    );
    assert_eq!(
        subgraphs(ty("User"), "name"),
        [A],
        "the owner has what nobody claims"
    );
    assert_eq!(subgraphs(ty("User"), "reviews"), [B]);
    assert_eq!(
        subgraphs(ty("Review"), "body"),
        [A, B],
        "values are everywhere"
    );
    assert!(!graph.api_schema().to_string().contains("join__"));
}
