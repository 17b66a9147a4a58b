import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';

import { Icon, type IconName } from '../design/icon';
import { type Route, routes } from '../routes';
import { SessionMenu } from '../session/session-menu';
import { ThemeSwitch } from './theme-switch';

const GROUPS = ['Graph', 'Data'] as const;

export function Navigation() {
  const [location] = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [location]);
  return (
    <header className="navigation" data-open={open}>
      <div className="navigation-head">
        <Link href="/console/explore" className="brand">
          <img src="/console/favicon.svg" alt="" width="24" height="24" />
          Tenon
        </Link>
        <button
          type="button"
          className="button quiet navigation-toggle"
          aria-expanded={open}
          aria-controls="navigation-menu"
          onClick={() => setOpen(!open)}
        >
          <Icon name="menu" /> Menu
        </button>
      </div>
      <div className="navigation-menu" id="navigation-menu">
        <nav aria-label="Pages">
          {GROUPS.map((group) => (
            <Group key={group} title={group} pages={routes.filter((route) => route.group === group)} location={location} />
          ))}
        </nav>
        <div className="navigation-foot">
          <SessionMenu />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}

function Group({ title, pages, location }: { title: string; pages: readonly Route[]; location: string }) {
  if (pages.length === 0) return null;
  return (
    <>
      <h2 className="navigation-group">{title}</h2>
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <Link
              href={page.path}
              aria-current={location === page.path || location.startsWith(`${page.path}/`) ? 'page' : undefined}
            >
              <Icon name={page.title.toLowerCase() as IconName} />
              {page.title}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
