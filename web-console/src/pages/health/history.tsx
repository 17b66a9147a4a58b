import { useMemo } from 'react';

import type { TimeSeries } from '../../console-api/gateway';
import { Chart } from '../../design/chart';
import { formatDuration, formatNumber } from '../../design/format';
import { Card } from '../../design/page';

const SPAN_SECONDS = 600;

/** The last ten minutes: how much was asked, what failed, and how long it took. */
export function History({ of, series }: { of: string; series: TimeSeries }) {
  const { from, stepSeconds, requests, failures, p50Ms, p99Ms } = series;
  const times = useMemo(() => {
    const start = Date.parse(from) / 1000;
    return requests.map((_, step) => start + step * stepSeconds);
  }, [from, stepSeconds, requests]);
  const perSecond = (counts: readonly number[]) => counts.map((count) => count / stepSeconds);
  return (
    <div className="cards">
      <Card title="Per second">
        <Chart
          label={`${of} and failures per second in the last ten minutes`}
          times={times}
          span={SPAN_SECONDS}
          format={(value) => formatNumber(Number(value.toFixed(1)))}
          series={[
            { title: of, values: perSecond(requests), color: '--accent' },
            { title: 'Failures', values: perSecond(failures), color: '--bad' },
          ]}
        />
      </Card>
      <Card title="Latency">
        <Chart
          label="Latency in the last ten minutes: the median and the slowest hundredth"
          times={times}
          span={SPAN_SECONDS}
          format={formatDuration}
          series={[
            { title: 'Median', values: p50Ms, color: '--good' },
            { title: '99 %', values: p99Ms, color: '--warning' },
          ]}
        />
      </Card>
    </div>
  );
}
