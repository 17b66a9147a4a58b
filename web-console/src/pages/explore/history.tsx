import { History, HISTORY_PLUGIN } from '@graphiql/plugin-history';
import type { GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** GraphiQL's history, whose entries are read out by their own names instead of all as "Set active". */
export const historyPlugin: GraphiQLPlugin = { ...HISTORY_PLUGIN, content: NamedHistory };

function NamedHistory() {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current: element } = frame;
    if (element === null) return undefined;
    const name = () => {
      const entries = element.querySelectorAll('.graphiql-history-item-label[aria-label]');
      for (const entry of entries) entry.removeAttribute('aria-label');
    };
    name();
    const changes = new MutationObserver(name);
    changes.observe(element, { childList: true, subtree: true });
    return () => changes.disconnect();
  }, []);
  return (
    <div ref={frame}>
      <History />
    </div>
  );
}
