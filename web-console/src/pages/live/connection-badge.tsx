import { useEffect, useState } from 'react';

import { Badge } from '../../design/badge';
import type { Following } from '../../graphql/follow';

export function ConnectionBadge({ state, paused }: { state: Following; paused: boolean }) {
  return (
    <span role="status" className="live-connection">
      {paused ? <Badge tone="warning">Paused</Badge> : null}
      <Connection state={state} />
    </span>
  );
}

function Connection({ state }: { state: Following }) {
  switch (state.state) {
    case 'open':
      return <Badge tone="good">Live</Badge>;
    case 'waiting':
      return (
        <Badge tone="bad">
          Connection lost, <Countdown until={state.retryAt} />
        </Badge>
      );
    case 'refused':
      return <Badge tone="bad">Refused</Badge>;
    case 'connecting':
    case 'ended':
      return <Badge>Connecting …</Badge>;
  }
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return <>next try {seconds === 0 ? 'now' : `in ${seconds} s`}</>;
}
