import './health.css';

import { Route, Switch } from 'wouter';

import type { GatewayBody } from '../../console-api/gateway';
import type { SubgraphsBody } from '../../console-api/subgraphs';
import { usePolled } from '../../console-api/use-polled';
import { PageHead } from '../../design/page';
import { ErrorState, Loading } from '../../design/states';
import { Gateway } from './gateway';
import { Refusals } from './refusals';
import { SubgraphView } from './subgraph';
import { Subgraphs } from './subgraphs';

const POLL_MS = 3_000;

export default function HealthPage() {
  const gateway = usePolled<GatewayBody>('/gateway', POLL_MS);
  const subgraphs = usePolled<SubgraphsBody>('/subgraphs', POLL_MS);
  const failure = gateway.failure ?? subgraphs.failure;
  if (gateway.data === undefined || subgraphs.data === undefined) {
    return (
      <>
        <PageHead title="Health" />
        {failure === undefined ? (
          <Loading what="the gateway’s state" />
        ) : (
          <ErrorState title="The gateway’s state could not be loaded" error={failure} />
        )}
      </>
    );
  }
  const { data } = gateway;
  const { subgraphs: states } = subgraphs.data;
  return (
    <>
      <PageHead title="Health" about="What the gateway and each subgraph have done since the gateway started." />
      {failure === undefined ? null : (
        <p className="notice" role="alert">
          The gateway does not answer: {failure.message} What is shown is the last that it said.
        </p>
      )}
      <Switch>
        <Route path="/console/health/:name">
          <SubgraphView subgraphs={states} />
        </Route>
        <Route>
          <Gateway gateway={data} />
          <Subgraphs subgraphs={states} />
          <Refusals refusals={data.refusals} />
        </Route>
      </Switch>
    </>
  );
}
