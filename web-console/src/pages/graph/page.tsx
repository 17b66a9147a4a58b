import './graph.css';

import { useMemo } from 'react';
import { Route, Switch } from 'wouter';

import type { SchemaBody } from '../../console-api/schema';
import { usePolled } from '../../console-api/use-polled';
import { formatNumber } from '../../design/format';
import { PageHead } from '../../design/page';
import { EmptyState, ErrorState, Loading } from '../../design/states';
import { Tabs } from '../../design/tabs';
import { GRAPH } from './addresses';
import { Changes } from './changes';
import { Hints } from './hints';
import { GraphMap } from './map';
import { Schemas } from './schemas';
import { isEntity, readSupergraph, type Supergraph } from './supergraph';
import { TypesList } from './types-list';
import { TypeView } from './type-view';

/** The answer is "not changed" unless a subgraph brought a new schema. */
const POLL_MS = 5_000;

export default function GraphPage() {
  const { data, failure } = usePolled<SchemaBody>('/schema', POLL_MS);
  const supergraph = data?.supergraph;
  const graph = useMemo(() => (supergraph === undefined ? undefined : readSupergraph(supergraph)), [supergraph]);
  if (data === undefined || graph === undefined) {
    return (
      <>
        <PageHead title="Graph" />
        {failure === undefined ? (
          <Loading what="the graph" />
        ) : (
          <ErrorState title="The graph could not be loaded" error={failure} />
        )}
      </>
    );
  }
  return (
    <>
      <PageHead title="Graph" about={<Summary graph={graph} />} />
      <Tabs
        label="Parts of the graph"
        tabs={[
          { to: GRAPH, title: 'Map' },
          { to: `${GRAPH}/types`, title: 'Types' },
          { to: `${GRAPH}/hints`, title: `Hints (${data.hints.length})` },
          { to: `${GRAPH}/changes`, title: `Changes (${data.changes.length})` },
          { to: `${GRAPH}/schemas`, title: 'Schemas' },
        ]}
      />
      {failure === undefined ? null : <p className="notice">The gateway does not answer: {failure.message}</p>}
      <Switch>
        <Route path={GRAPH}>
          <GraphMap graph={graph} />
        </Route>
        <Route path={`${GRAPH}/types`}>
          <TypesList graph={graph} />
        </Route>
        <Route path={`${GRAPH}/types/:name`}>
          <TypeView graph={graph} hints={data.hints} />
        </Route>
        <Route path={`${GRAPH}/hints`}>
          <Hints hints={data.hints} />
        </Route>
        <Route path={`${GRAPH}/changes`}>
          <Changes schema={data} graph={graph} />
        </Route>
        <Route path={`${GRAPH}/schemas/:name?`}>
          <Schemas schema={data} />
        </Route>
        <Route>
          <EmptyState title="There is no such part of the graph" />
        </Route>
      </Switch>
    </>
  );
}

function Summary({ graph }: { graph: Supergraph }) {
  const types = [...graph.types.values()];
  const fields = types.reduce((sum, { kind, fields: own }) => sum + (kind === 'enum' ? 0 : own.length), 0);
  return (
    <>
      {formatNumber(graph.subgraphs.length)} subgraphs, {formatNumber(types.length)} types,{' '}
      {formatNumber(types.filter(isEntity).length)} entities, {formatNumber(fields)} fields
    </>
  );
}
