declare const meaning: unique symbol;

/** The text of an operation, which knows its variables and its answer. */
export type Document<Data, Variables> = string & {
  readonly [meaning]?: (variables: Variables) => Data;
};

export function typed<Data, Variables>(text: string): Document<Data, Variables> {
  return text;
}

/** Nothing to pass for an operation without variables; otherwise exactly what it declares. */
export type Arguments<Variables> =
  Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];
