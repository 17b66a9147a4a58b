import { Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';

import { EmptyState, Loading } from '../design/states';
import { Toasts } from '../design/toasts';
import { routes } from '../routes';
import { PageBoundary } from './boundary';
import { Navigation } from './navigation';

export function App() {
  const [location] = useLocation();
  const current = routes.find(({ path }) => location === path || location.startsWith(`${path}/`));
  useEffect(() => {
    document.title = current === undefined ? 'Tenon' : `${current.title} · Tenon`;
  }, [current]);
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <Navigation />
      <main id="page" tabIndex={-1}>
        <PageBoundary key={current?.path ?? location}>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              {routes.map(({ path, Page }) => (
                <Route key={path} path={`${path}/*?`} component={Page} />
              ))}
              <Route path="/">
                <Redirect to="/console/explore" replace />
              </Route>
              <Route path="/console/*?">
                {location.replace(/\/$/, '') === '/console' ? (
                  <Redirect to="/console/explore" replace />
                ) : (
                  <EmptyState title="There is no such page">{location}</EmptyState>
                )}
              </Route>
            </Switch>
          </Suspense>
        </PageBoundary>
      </main>
      <Toasts />
    </div>
  );
}
