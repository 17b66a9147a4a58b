import './tabs.css';

import { Link, useLocation } from 'wouter';

interface Tab {
  readonly to: string;
  readonly title: string;
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const [location] = useLocation();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, title }) => (
        <Link key={to} to={to} aria-current={location === to ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
