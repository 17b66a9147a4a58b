import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';

import { Badge, SubgraphBadge } from '../../design/badge';
import { Button } from '../../design/button';
import { Field } from '../../design/field';
import { formatNumber } from '../../design/format';
import { EmptyState } from '../../design/states';
import { Table } from '../../design/table';
import { typeAddress } from './addresses';
import { type Filter, type Found, search } from './search';
import { isEntity, type Supergraph } from './supergraph';

/** As many as one looks through before typing another letter. */
const STEP = 100;

const KINDS: readonly (readonly [Filter['kind'], string])[] = [
  ['', 'All kinds'],
  ['entity', 'Entities'],
  ['object', 'Object types'],
  ['interface', 'Interfaces'],
  ['union', 'Unions'],
  ['enum', 'Enums'],
  ['input', 'Input types'],
  ['scalar', 'Scalars'],
];

export function TypesList({ graph }: { graph: Supergraph }) {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const set = (name: keyof Filter, value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const deferred = useDeferredValue(params.toString());
  const found = useMemo(() => search(graph, readFilter(new URLSearchParams(deferred))), [graph, deferred]);
  return (
    <>
      <div className="filters" role="search">
        <Field label="Type or field">
          {(control) => (
            <input
              {...control}
              type="search"
              placeholder="Customer, or Customer.email"
              value={filter.text}
              onChange={({ target }) => set('text', target.value)}
            />
          )}
        </Field>
        <Field label="Subgraph">
          {(control) => (
            <select {...control} value={filter.subgraph} onChange={({ target }) => set('subgraph', target.value)}>
              <option value="">All subgraphs</option>
              {graph.subgraphs.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Kind">
          {(control) => (
            <select {...control} value={filter.kind} onChange={({ target }) => set('kind', target.value)}>
              {KINDS.map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <p className="muted" role="status">
          {formatNumber(found.length)} of {formatNumber(graph.types.size)} types
        </p>
      </div>
      <FoundTypes key={deferred} found={found} />
    </>
  );
}

function FoundTypes({ found }: { found: readonly Found[] }) {
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <Table
        caption="Types"
        rows={found.slice(0, shown)}
        rowKey={({ type }) => type.name}
        empty={<EmptyState title="Nothing matches">Search for a part of a type’s or a field’s name.</EmptyState>}
        columns={[
          { title: 'Type', cell: (row) => <TypeCell {...row} /> },
          { title: 'Kind', cell: ({ type }) => <Badge>{isEntity(type) ? 'entity' : type.kind}</Badge> },
          { title: 'Subgraphs', cell: ({ type }) => <SubgraphBadges names={type.subgraphs} /> },
          { title: 'Keys', minor: true, cell: ({ type }) => <code>{keysOf(type.keys)}</code> },
          { title: 'Fields', align: 'end', minor: true, cell: ({ type }) => type.fields.length || '' },
        ]}
      />
      {found.length > shown ? (
        <div className="pager">
          <Button onClick={() => setShown(shown + STEP)}>Show {Math.min(STEP, found.length - shown)} more</Button>
        </div>
      ) : null}
    </>
  );
}

function TypeCell({ type, fields }: Found) {
  return (
    <>
      <Link to={typeAddress(type.name)}>{type.name}</Link>
      {fields.slice(0, 3).map((field) => (
        <span key={field} className="types-field">
          .<Link to={typeAddress(type.name, field)}>{field}</Link>
        </span>
      ))}
      {fields.length > 3 ? <span className="muted"> and {fields.length - 3} more</span> : null}
    </>
  );
}

export function SubgraphBadges({ names }: { names: readonly string[] }) {
  return (
    <span className="graph-badges">
      {names.map((name) => (
        <SubgraphBadge key={name} name={name} />
      ))}
    </span>
  );
}

function readFilter(params: URLSearchParams): Filter {
  const kind = KINDS.find(([value]) => value === params.get('kind'))?.[0] ?? '';
  return { text: params.get('text') ?? '', subgraph: params.get('subgraph') ?? '', kind };
}

function keysOf(keys: readonly { readonly fields: string }[]): string {
  return [...new Set(keys.map(({ fields }) => fields))].join(', ');
}
