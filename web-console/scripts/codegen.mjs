// Writes beside each `operations.graphql` its typed documents, as the API schema types them.
// A document is printed text, so that no page carries a GraphQL parser.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { codegen } from '@graphql-codegen/core';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { buildSchema, parse, print, printSchema, stripIgnoredCharacters, validate, visit } from 'graphql';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sources = path.join(root, 'src');
const schemaFile = path.join(root, '../schema/api.graphql');
const schema = buildSchema(await readFile(schemaFile, 'utf8'));
const schemaDocument = parse(printSchema(schema));

const config = {
  enumsAsTypes: true,
  skipTypename: true,
  defaultScalarType: 'unknown',
  scalars: {
    ID: 'string',
    CurrencyCode: 'string',
    DateTime: 'string',
    Decimal: 'string',
    Int53: 'number',
    URL: 'string',
  },
};

/** The fragments that a definition spreads, directly or through others. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return found;
}

/** A constant per operation: `query LiveApps` becomes `LiveAppsDocument`. */
function documentsPlugin(_schema, [{ document }]) {
  const fragments = new Map(
    document.definitions
      .filter(({ kind }) => kind === 'FragmentDefinition')
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const constants = operations.map((operation) => {
    const name = operation.name.value;
    const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
    const suffix = name.endsWith(kind) ? name : name + kind;
    const parts = [operation, ...fragmentsOf(operation, fragments)];
    const text = stripIgnoredCharacters(parts.map(print).join('\n'));
    return (
      `export const ${name}Document = typed<${suffix}, ${suffix}Variables>(\n` +
      `  ${JSON.stringify(text)},\n);`
    );
  });
  return { prepend: ["import { typed } from '/src/graphql/document';"], content: constants.join('\n\n') };
}

async function generate(name) {
  const location = path.join(sources, name);
  const document = parse(await readFile(location, 'utf8'));
  const wrong = validate(schema, document);
  if (wrong.length > 0) {
    throw new Error(wrong.map(({ message }) => `${name}: ${message}`).join('\n'));
  }
  const target = location.replace(/\.graphql$/, '.generated.ts');
  const depth = name.split(path.sep).length - 1;
  const text = await codegen({
    filename: target,
    schema: schemaDocument,
    schemaAst: schema,
    documents: [{ location, document }],
    config,
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations: operationTypes, documents: { plugin: documentsPlugin } },
  });
  const linked = text.replace("'/src/", `'${'../'.repeat(depth)}`);
  const before = await readFile(target, 'utf8').catch(() => '');
  if (linked !== before) await writeFile(target, linked);
}

const files = (await readdir(sources, { recursive: true })).filter((name) =>
  name.endsWith(`${path.sep}operations.graphql`),
);
for (const name of files.sort()) await generate(name);
