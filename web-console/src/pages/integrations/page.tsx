import './integrations.css';

import { Route, Switch } from 'wouter';

import { ConnectionDetail } from './detail';
import { ConnectionList } from './list';
import { LogTab } from './log';

export default function IntegrationsPage() {
  return (
    <Switch>
      <Route path="/console/integrations/log" component={LogTab} />
      <Route path="/console/integrations/:id">{({ id }) => <ConnectionDetail key={id} id={id} />}</Route>
      <Route component={ConnectionList} />
    </Switch>
  );
}
