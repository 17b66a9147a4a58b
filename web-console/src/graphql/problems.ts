/** What every error of a mutation's payload has. */
interface PayloadError {
  readonly message: string;
  readonly path?: readonly string[] | null;
}

/** What is wrong with each field of a form, and with the whole of it. */
export type Problems<Field extends string> = { readonly [Name in Field | 'form']?: string };

/**
 * Sorts the errors of a payload to the fields of a form, which are named by their input paths
 * without `input` (`name`, `identities.0.value`). An error inside of a field counts as the field's.
 */
export function problemsOf<Field extends string>(
  errors: readonly PayloadError[],
  fields: readonly Field[],
): Problems<Field> {
  const found: { [Name in Field | 'form']?: string } = {};
  for (const { message, path } of errors) {
    const place = (path ?? []).filter((part, index) => index > 0 || part !== 'input').join('.');
    const inside = fields.filter((field) => place === field || place.startsWith(`${field}.`));
    const name: Field | 'form' = inside.sort((a, b) => b.length - a.length)[0] ?? 'form';
    const text = sentence(message);
    found[name] = found[name] === undefined ? text : `${found[name]} ${text}`;
  }
  return found;
}

/** Messages of the graph begin small, end without a stop, and quote as code does. */
export function sentence(message: string): string {
  const text = message.replaceAll(/`([^`]*)`/g, '“$1”');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
