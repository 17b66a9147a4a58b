import { useEffect, useState } from 'react';

import { Chart } from '../../design/chart';
import { formatNumber } from '../../design/format';
import { Card } from '../../design/page';
import { type EventLog, RATE_SECONDS } from './log';

export function RateCard({ log }: { log: EventLog }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { times, webhooks, files } = log.rates(now);
  const minute = [...webhooks.slice(-60), ...files.slice(-60)].reduce((sum, count) => sum + count, 0);
  return (
    <Card title="Events per second" actions={<span className="muted">{formatNumber(minute)} in the last minute</span>}>
      <Chart
        label={`Events per second in the last ${RATE_SECONDS} seconds; ${minute} in the last minute`}
        times={times}
        height={130}
        format={formatNumber}
        series={[
          { title: 'Webhook events', values: webhooks, color: '--accent', look: 'bars' },
          { title: 'File changes', values: files, color: '--good', look: 'line' },
        ]}
      />
    </Card>
  );
}
