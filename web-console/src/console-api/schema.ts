/** A place in the schema of a subgraph; lines and columns count from 1. */
export interface Place {
  readonly subgraph: string;
  readonly line: number;
  readonly column: number;
}

/** What composition remarks. */
export interface Hint {
  readonly code: string;
  readonly level: 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly places: readonly Place[];
}

/** How the API differs from the one before. */
export interface Change {
  readonly code: string;
  readonly level: 'breaking' | 'dangerous' | 'safe';
  /** A coordinate, such as `Query.customer`. */
  readonly path: string;
  readonly message: string;
}

/** `/schema`: what the gateway serves now, and what it served before. */
export interface SchemaBody {
  readonly generation: number;
  readonly since: string;
  readonly supergraph: string;
  readonly api: string;
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string }[];
  readonly hints: readonly Hint[];
  readonly previous: {
    readonly since: string;
    readonly until: string;
    readonly supergraph: string;
    readonly api: string;
  } | null;
  readonly changes: readonly Change[];
}
