import { useEffect, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';

import type { Hint } from '../../console-api/schema';
import { Badge, SubgraphBadge } from '../../design/badge';
import { Card } from '../../design/page';
import { EmptyState } from '../../design/states';
import { Table } from '../../design/table';
import { typeAddress } from './addresses';
import { HintsList } from './hints';
import { type GraphField, type GraphType, isEntity, type Supergraph } from './supergraph';
import { SubgraphBadges } from './types-list';

/** As many as one reads. */
const USES_MAX = 60;

/** One type: who has it, by which keys, and who resolves which field. */
export function TypeView({ graph, hints }: { graph: Supergraph; hints: readonly Hint[] }) {
  const { name = '' } = useParams<{ name: string }>();
  const type = graph.types.get(name);
  if (type === undefined) {
    return (
      <EmptyState title="There is no such type">
        <code>{name}</code> is not in the graph. <Link to="/console/graph/types">All types</Link>
      </EmptyState>
    );
  }
  const mention = new RegExp(`\\b${type.name}\\b`);
  const own = hints.filter(({ message }) => mention.test(message));
  return (
    <>
      <Card
        title={
          <>
            <span className="type-name">{type.name}</span> <Badge>{isEntity(type) ? 'entity' : type.kind}</Badge>{' '}
            {type.inaccessible ? <Badge tone="warning">not in the API</Badge> : null}
          </>
        }
        actions={<SubgraphBadges names={type.subgraphs} />}
      >
        {type.description === '' ? null : <p className="type-description">{type.description}</p>}
        <TypeFacts type={type} graph={graph} />
      </Card>
      {type.keys.length === 0 ? null : <Keys type={type} />}
      {type.fields.length === 0 ? null : <Fields type={type} graph={graph} />}
      {own.length === 0 ? null : (
        <Card title="Hints">
          <HintsList hints={own} />
        </Card>
      )}
    </>
  );
}

function TypeFacts({ type, graph }: { type: GraphType; graph: Supergraph }) {
  const uses = graph.usedBy.get(type.name) ?? [];
  return (
    <dl className="facts">
      <Names title="Implements" names={type.interfaces} />
      <Names title="Members" names={type.members} />
      <Names title="Implemented by" names={graph.implementers.get(type.name) ?? []} />
      {type.interfaceObjectIn.length === 0 ? null : (
        <>
          <dt>One object type in</dt>
          <dd>
            <SubgraphBadges names={type.interfaceObjectIn} />
          </dd>
        </>
      )}
      {uses.length === 0 ? null : (
        <>
          <dt>Type of</dt>
          <dd className="type-uses">
            {uses.slice(0, USES_MAX).map((coordinate) => {
              const [owner = '', field] = coordinate.split('.');
              return (
                <Link key={coordinate} to={typeAddress(owner, field)}>
                  {coordinate}
                </Link>
              );
            })}
            {uses.length > USES_MAX ? <span className="muted">and {uses.length - USES_MAX} more</span> : null}
          </dd>
        </>
      )}
    </dl>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd className="type-uses">
        {names.map((name) => (
          <Link key={name} to={typeAddress(name)}>
            {name}
          </Link>
        ))}
      </dd>
    </>
  );
}

function Keys({ type }: { type: GraphType }) {
  return (
    <Card title="Keys">
      <Table
        caption={`Keys of ${type.name}`}
        rows={type.keys}
        rowKey={({ subgraph, fields }) => `${subgraph} ${fields}`}
        empty={null}
        columns={[
          { title: 'Subgraph', cell: ({ subgraph }) => <SubgraphBadge name={subgraph} /> },
          { title: 'Key', cell: ({ fields }) => <code>{fields}</code> },
          {
            title: 'Answers for it',
            cell: ({ resolvable }) => (resolvable ? 'yes' : <span className="muted">no, refers by it only</span>),
          },
        ]}
      />
    </Card>
  );
}

function Fields({ type, graph }: { type: GraphType; graph: Supergraph }) {
  const [params] = useSearchParams();
  const wanted = params.get('field');
  const row = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    row.current?.scrollIntoView({ block: 'center' });
  }, [wanted, type]);
  const isEnum = type.kind === 'enum';
  return (
    <Card title={isEnum ? 'Values' : 'Fields'}>
      <Table
        caption={isEnum ? `Values of ${type.name}` : `Fields of ${type.name}`}
        rows={type.fields}
        rowKey={({ name }) => name}
        empty={null}
        columns={[
          {
            title: isEnum ? 'Value' : 'Field',
            cell: (field) => (
              <span ref={field.name === wanted ? row : undefined} className={field.name === wanted ? 'type-wanted' : ''}>
                <FieldCell field={field} graph={graph} />
              </span>
            ),
          },
          { title: 'Resolved by', cell: (field) => <Sources field={field} /> },
          { title: 'About', minor: true, cell: (field) => <About field={field} /> },
        ]}
      />
    </Card>
  );
}

function FieldCell({ field, graph }: { field: GraphField; graph: Supergraph }) {
  const [before = '', after = ''] = field.named === '' ? [] : field.type.split(field.named);
  return (
    <code className="type-field">
      <strong className={field.deprecated === undefined ? '' : 'type-deprecated'}>{field.name}</strong>
      {field.args.length === 0 ? '' : `(${field.args.join(', ')})`}
      {field.named === '' ? null : (
        <>
          : {before}
          {graph.types.has(field.named) ? <Link to={typeAddress(field.named)}>{field.named}</Link> : field.named}
          {after}
        </>
      )}
    </code>
  );
}

function Sources({ field }: { field: GraphField }) {
  return (
    <ul className="type-sources">
      {field.sources.map(({ subgraph, resolves, requires, provides, override }) => (
        <li key={subgraph} className={resolves ? '' : 'type-external'}>
          <SubgraphBadge name={subgraph} />
          {resolves ? null : ' external'}
          {requires === undefined ? null : (
            <>
              {' '}
              requires <code>{requires}</code>
            </>
          )}
          {provides === undefined ? null : (
            <>
              {' '}
              provides <code>{provides}</code>
            </>
          )}
          {override === undefined ? null : ` overrides ${override}`}
        </li>
      ))}
    </ul>
  );
}

function About({ field }: { field: GraphField }) {
  return (
    <div className="type-about">
      {field.deprecated === undefined ? null : <p>Deprecated: {field.deprecated}</p>}
      {field.description}
      {field.demands.map((demand) => (
        <code key={demand}>{demand}</code>
      ))}
    </div>
  );
}
