import './tabs.css';

import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';

interface Tab {
  readonly to: string;
  readonly title: string;
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [location] = useLocation();
  const within = tabs.filter(({ to }) => `${location}/`.startsWith(`${to}/`));
  const current = within.toSorted((a, b) => b.to.length - a.to.length)[0];
  const frame = useRef<HTMLElement>(null);
  // Where not all have place, the one that is open has.
  useEffect(() => {
    const open = frame.current?.querySelector('[aria-current]');
    open?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current?.to, current?.title]);
  return (
    <nav ref={frame} className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} aria-current={tab === current ? 'page' : undefined}>
          {tab.title}
        </Link>
      ))}
    </nav>
  );
}
