import './tabs.css';

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
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.to} to={tab.to} aria-current={tab === current ? 'page' : undefined}>
          {tab.title}
        </Link>
      ))}
    </nav>
  );
}
