import type { GatewayBody } from '../../console-api/gateway';
import { formatBytes, formatDateTime, formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { Figures, milliseconds, share, span } from './figures';
import { History } from './history';

export function Gateway({ gateway }: { gateway: GatewayBody }) {
  const { operations, latency, subscriptions, sockets, documents, plans } = gateway;
  const refused = gateway.refusals.reduce((sum, { count }) => sum + count, 0);
  const asked = operations.queries + operations.mutations + operations.subscriptions;
  return (
    <>
      <Card title="Gateway">
        <Figures
          figures={[
            { title: 'Up for', value: span(gateway.uptimeSeconds), about: `version ${gateway.version}, ${gateway.mode}` },
            {
              title: 'Operations',
              value: formatNumber(asked),
              about: `${formatNumber(operations.withErrors)} with errors, ${formatNumber(refused)} refused`,
            },
            { title: 'Median', value: milliseconds(latency.p50Ms), about: `99 %: ${milliseconds(latency.p99Ms)}` },
            {
              title: 'Running',
              value: formatNumber(operations.running),
              about: `of ${formatNumber(operations.runningMax)}`,
            },
            {
              title: 'Subscriptions open',
              value: formatNumber(subscriptions.open),
              about: `${formatNumber(subscriptions.events)} events; ${formatNumber(sockets.open)} WebSockets`,
            },
            {
              title: 'Plan cache hits',
              value: share(plans.hits, plans.hits + plans.misses),
              about: `${formatNumber(plans.hits)} of ${formatNumber(plans.hits + plans.misses)}`,
            },
            {
              title: 'Documents kept',
              value: formatNumber(documents.entries),
              about: `${formatBytes(documents.weightBytes)} of ${formatBytes(documents.weightBytesMax)}`,
            },
            {
              title: 'Schema',
              value: `No. ${gateway.generation}`,
              about: `since ${formatDateTime(gateway.generationSince)}`,
            },
          ]}
        />
      </Card>
      <History of="Operations" series={gateway.series} />
    </>
  );
}
