import {
  type DirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  parse,
  print,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';

export type TypeKind = 'object' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';

/** How one subgraph has a field. */
export interface FieldSource {
  readonly subgraph: string;
  /** Whether it resolves the field; else it only knows that others do. */
  readonly resolves: boolean;
  readonly requires?: string;
  readonly provides?: string;
  /** The subgraph that it takes the field from, with the label under which it does. */
  readonly override?: string;
}

export interface GraphField {
  readonly name: string;
  /** As in SDL; empty for values of enums. */
  readonly type: string;
  /** The type without lists and `!`. */
  readonly named: string;
  readonly args: readonly string[];
  readonly description: string;
  readonly deprecated: string | undefined;
  readonly sources: readonly FieldSource[];
  /** What a caller needs, as in SDL. */
  readonly demands: readonly string[];
}

export interface Key {
  readonly subgraph: string;
  readonly fields: string;
  /** Whether the subgraph answers for it, or only refers by it. */
  readonly resolvable: boolean;
}

export interface GraphType {
  readonly name: string;
  readonly kind: TypeKind;
  readonly description: string;
  readonly subgraphs: readonly string[];
  readonly keys: readonly Key[];
  /** Subgraphs that know the interface as one object type. */
  readonly interfaceObjectIn: readonly string[];
  readonly interfaces: readonly string[];
  /** Members of a union. */
  readonly members: readonly string[];
  readonly fields: readonly GraphField[];
  readonly inaccessible: boolean;
}

export interface Supergraph {
  readonly subgraphs: readonly string[];
  /** By name, in alphabetical order. */
  readonly types: ReadonlyMap<string, GraphType>;
  /** Fields that return a type, as coordinates. */
  readonly usedBy: ReadonlyMap<string, readonly string[]>;
  /** Types that implement an interface. */
  readonly implementers: ReadonlyMap<string, readonly string[]>;
}

const KINDS: Partial<Record<Kind, TypeKind>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
};

const DEMANDS = ['authenticated', 'requiresScopes', 'policy'];

/** Reads who owns what from a supergraph's join directives. */
export function readSupergraph(sdl: string): Supergraph {
  const { definitions } = parse(sdl, { noLocation: true });
  const names = graphNames(definitions);
  const types = definitions
    .map((definition) => readType(definition, names))
    // What belongs to the specifications themselves is in no subgraph.
    .filter((type): type is GraphType => type !== undefined && type.subgraphs.length > 0)
    .sort((one, other) => one.name.localeCompare(other.name));
  return {
    subgraphs: [...names.values()].sort((one, other) => one.localeCompare(other, undefined, { numeric: true })),
    types: new Map(types.map((type) => [type.name, type])),
    usedBy: gather(types, (type) => type.fields.map((field) => [field.named, `${type.name}.${field.name}`])),
    implementers: gather(types, (type) => type.interfaces.map((name) => [name, type.name])),
  };
}

export function isEntity({ kind, keys }: GraphType): boolean {
  return (kind === 'object' || kind === 'interface') && keys.length > 0;
}

/** Fields that a subgraph resolves and that are not only its way to refer to the type. */
export function ownedFields(type: GraphType, subgraph: string): readonly GraphField[] {
  const keys = type.keys.filter((key) => key.subgraph === subgraph).map(({ fields }) => fields);
  const keyFields = new Set(keys.flatMap((fields) => fields.match(/[_A-Za-z]\w*/g) ?? []));
  return type.fields.filter(
    ({ name, sources }) =>
      !keyFields.has(name) && sources.some((source) => source.resolves && source.subgraph === subgraph),
  );
}

function graphNames(definitions: readonly DefinitionNode[]): ReadonlyMap<string, string> {
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    return new Map(
      (definition.values ?? []).map((value) => {
        const name = text(named(value.directives, 'join__graph')[0], 'name');
        return [value.name.value, name ?? value.name.value];
      }),
    );
  }
  return new Map();
}

function readType(definition: DefinitionNode, names: ReadonlyMap<string, string>): GraphType | undefined {
  const kind = KINDS[definition.kind];
  if (kind === undefined || !('directives' in definition) || !('name' in definition)) return undefined;
  const { directives, name } = definition;
  const joins = named(directives, 'join__type');
  const graph = (directive: DirectiveNode) => nameOf(directive, names) ?? '';
  const subgraphs = [...new Set(joins.map(graph))];
  return {
    name: name?.value ?? '',
    kind,
    description: 'description' in definition ? (definition.description?.value ?? '') : '',
    subgraphs,
    keys: joins.flatMap((join) => {
      const fields = text(join, 'key');
      return fields === undefined
        ? []
        : [{ subgraph: graph(join), fields, resolvable: argument(join, 'resolvable') !== false }];
    }),
    interfaceObjectIn: joins.filter((join) => argument(join, 'isInterfaceObject') === true).map(graph),
    interfaces: 'interfaces' in definition ? namesOf(definition.interfaces) : [],
    members: 'types' in definition ? namesOf(definition.types) : [],
    fields: fieldsOf(definition, subgraphs, names),
    inaccessible: named(directives, 'inaccessible').length > 0,
  };
}

function fieldsOf(
  definition: DefinitionNode,
  subgraphs: readonly string[],
  names: ReadonlyMap<string, string>,
): readonly GraphField[] {
  if ('fields' in definition && definition.fields !== undefined) {
    return definition.fields.map((field: FieldDefinitionNode | InputValueDefinitionNode) => ({
      name: field.name.value,
      type: print(field.type),
      named: innermost(field.type),
      args: 'arguments' in field ? (field.arguments ?? []).map((each) => `${each.name.value}: ${print(each.type)}`) : [],
      ...shared(field),
      sources: sourcesOf(named(field.directives, 'join__field'), subgraphs, names),
    }));
  }
  if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (definition.values ?? []).map((value) => ({
    name: value.name.value,
    type: '',
    named: '',
    args: [],
    ...shared(value),
    sources: named(value.directives, 'join__enumValue').flatMap((join) => {
      const subgraph = nameOf(join, names);
      return subgraph === undefined ? [] : [{ subgraph, resolves: true }];
    }),
  }));
}

function shared(node: {
  readonly description?: { readonly value: string } | undefined;
  readonly directives?: readonly DirectiveNode[] | undefined;
}) {
  const deprecated = named(node.directives, 'deprecated')[0];
  return {
    description: node.description?.value ?? '',
    deprecated: deprecated === undefined ? undefined : (text(deprecated, 'reason') ?? 'No longer supported'),
    demands: DEMANDS.flatMap((name) => named(node.directives, name).map(print)),
  };
}

/** A field without joins is in every subgraph of its type. */
function sourcesOf(
  joins: readonly DirectiveNode[],
  subgraphs: readonly string[],
  names: ReadonlyMap<string, string>,
): readonly FieldSource[] {
  if (joins.length === 0) return subgraphs.map((subgraph) => ({ subgraph, resolves: true }));
  return joins.flatMap((join) => {
    const subgraph = nameOf(join, names);
    if (subgraph === undefined) return [];
    const requires = text(join, 'requires');
    const provides = text(join, 'provides');
    const override = text(join, 'override');
    const label = text(join, 'overrideLabel');
    return [
      {
        subgraph,
        resolves: argument(join, 'external') !== true && argument(join, 'usedOverridden') !== true,
        ...(requires === undefined ? {} : { requires }),
        ...(provides === undefined ? {} : { provides }),
        ...(override === undefined ? {} : { override: label === undefined ? override : `${override} (${label})` }),
      },
    ];
  });
}

function named(directives: readonly DirectiveNode[] | undefined, name: string): readonly DirectiveNode[] {
  return directives?.filter((directive) => directive.name.value === name) ?? [];
}

function argument(directive: DirectiveNode | undefined, name: string): unknown {
  const found = directive?.arguments?.find((each) => each.name.value === name);
  return found === undefined ? undefined : valueFromASTUntyped(found.value);
}

function text(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = argument(directive, name);
  return typeof value === 'string' ? value : undefined;
}

function nameOf(join: DirectiveNode, names: ReadonlyMap<string, string>): string | undefined {
  const graph = text(join, 'graph');
  return graph === undefined ? undefined : (names.get(graph) ?? graph);
}

function namesOf(nodes: readonly NamedTypeNode[] | undefined): readonly string[] {
  return nodes?.map(({ name }) => name.value) ?? [];
}

function innermost(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermost(type.type);
}

function gather(
  types: readonly GraphType[],
  pairs: (type: GraphType) => readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly string[]> {
  const gathered = new Map<string, string[]>();
  for (const [key, value] of types.flatMap(pairs)) {
    const values = gathered.get(key);
    if (values === undefined) gathered.set(key, [value]);
    else values.push(value);
  }
  return gathered;
}
