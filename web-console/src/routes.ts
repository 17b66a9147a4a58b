import { type ComponentType, lazy } from 'react';

/** A page of the console. Its code is loaded when it is opened for the first time. */
export interface Route {
  /** Where it is; the page may have paths of its own below. */
  readonly path: string;
  readonly title: string;
  readonly group: 'Graph' | 'Data';
  readonly Page: ComponentType;
}

/** The only table of pages: in the order of the navigation. */
export const routes: readonly Route[] = [
  { path: '/console/explore', title: 'Explore', group: 'Graph', Page: lazy(() => import('./pages/explore/page')) },
  { path: '/console/live', title: 'Live', group: 'Graph', Page: lazy(() => import('./pages/live/page')) },
  { path: '/console/graph', title: 'Graph', group: 'Graph', Page: lazy(() => import('./pages/graph/page')) },
  { path: '/console/health', title: 'Health', group: 'Graph', Page: lazy(() => import('./pages/health/page')) },
  { path: '/console/files', title: 'Files', group: 'Data', Page: lazy(() => import('./pages/files/page')) },
  { path: '/console/integrations', title: 'Integrations', group: 'Data', Page: lazy(() => import('./pages/integrations/page')) },
  { path: '/console/apps', title: 'Apps', group: 'Data', Page: lazy(() => import('./pages/apps/page')) },
  { path: '/console/customers', title: 'Customers', group: 'Data', Page: lazy(() => import('./pages/customers/page')) },
  { path: '/console/billing', title: 'Billing', group: 'Data', Page: lazy(() => import('./pages/billing/page')) },
];
