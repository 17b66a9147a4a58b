import './apps.css';

import { Route, Switch } from 'wouter';

import { AppDetail } from './detail';
import { EventDetail } from './event';
import { AppList } from './list';

export default function AppsPage() {
  return (
    <Switch>
      <Route path="/console/apps/events/:id">{({ id }) => <EventDetail key={id} id={id} />}</Route>
      <Route path="/console/apps/:id">{({ id }) => <AppDetail key={id} id={id} />}</Route>
      <Route component={AppList} />
    </Switch>
  );
}
