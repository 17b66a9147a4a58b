import { type GraphType, isEntity, type Supergraph, type TypeKind } from './supergraph';

export interface Filter {
  /** Part of the name of a type or a field, or `Type.field`. */
  readonly text: string;
  readonly subgraph: string;
  readonly kind: TypeKind | 'entity' | '';
}

export interface Found {
  readonly type: GraphType;
  /** Fields that match; empty if the type's own name does. */
  readonly fields: readonly string[];
}

/** What matches, best first: whole names, then beginnings, then parts, then fields. */
export function search({ types }: Supergraph, { text, subgraph, kind }: Filter): readonly Found[] {
  const [typeText = '', fieldText] = text.trim().toLowerCase().split('.', 2);
  const ranked: (Found & { readonly rank: number })[] = [];
  for (const type of types.values()) {
    if (subgraph !== '' && !type.subgraphs.includes(subgraph)) continue;
    if (kind === 'entity' ? !isEntity(type) : kind !== '' && type.kind !== kind) continue;
    const rank = rankOf(type.name.toLowerCase(), typeText);
    const among = fieldText === undefined ? typeText : fieldText;
    const fields =
      among === '' || (fieldText !== undefined && rank === undefined)
        ? []
        : type.fields.map(({ name }) => name).filter((name) => name.toLowerCase().includes(among));
    if (fieldText === undefined && rank !== undefined) ranked.push({ type, fields: [], rank });
    else if (fieldText === '' && rank !== undefined) ranked.push({ type, fields: [], rank });
    else if (fields.length > 0) ranked.push({ type, fields, rank: 3 });
  }
  return ranked.sort((one, other) => one.rank - other.rank);
}

function rankOf(name: string, wanted: string): number | undefined {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : undefined;
}
