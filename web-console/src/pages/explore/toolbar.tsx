import { useEffect } from 'react';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
import { Menu } from '../../design/menu';
import { Segments } from '../../design/segments';
import { type Transport, transport } from '../../graphql/transport';
import { CopyMenu } from './copy-menu';
import { prepared } from './prepared';
import { sharedIn } from './shared';
import { useOpen } from './use-open';

interface Props {
  readonly planShown: boolean;
  readonly onShowPlan: () => void;
}

const TRANSPORTS: readonly { value: Transport; label: string }[] = [
  { value: 'websocket', label: 'WebSocket' },
  { value: 'sse', label: 'SSE' },
];

export function Toolbar({ planShown, onShowPlan }: Props) {
  const over = useStore(transport);
  useShared();
  return (
    <div className="explore-bar">
      <h1>Explore</h1>
      <PreparedMenu />
      <div className="actions">
        <span className="muted" id="explore-transport">
          Subscriptions over
        </span>
        <Segments labelledBy="explore-transport" choices={TRANSPORTS} chosen={over} onChoose={transport.set} />
        <CopyMenu />
        {planShown ? null : (
          <Button icon="graph" onClick={onShowPlan}>
            Plan
          </Button>
        )}
      </div>
    </div>
  );
}

function PreparedMenu() {
  const open = useOpen();
  return (
    <Menu
      label="Prepared operations"
      icon="files"
      items={prepared.map(({ title, query }) => ({ label: title, onChoose: () => open?.({ query, variables: '' }) }))}
    />
  );
}

/** Opens the operation that the address brought, once, and takes it out of the address. */
function useShared(): void {
  const open = useOpen();
  const isReady = open !== undefined;
  useEffect(() => {
    const take = () => {
      const shared = sharedIn(location.hash);
      if (shared === null) return;
      history.replaceState(history.state, '', location.pathname + location.search);
      open?.(shared);
    };
    if (!isReady) return undefined;
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
    // The functions of GraphiQL's store stay the same as long as its editors do.
  }, [isReady]);
}
