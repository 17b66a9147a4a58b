import './customers.css';

import { Route, Switch } from 'wouter';

import { CustomerDetail } from './detail';
import { CustomerList } from './list';

export default function CustomersPage() {
  return (
    <Switch>
      <Route path="/console/customers/:id">{({ id }) => <CustomerDetail key={id} id={id} />}</Route>
      <Route>
        <CustomerList />
      </Route>
    </Switch>
  );
}
