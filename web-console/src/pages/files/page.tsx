import './files.css';

import { Route, Switch } from 'wouter';

import { FileDetail } from './detail';
import { FileList } from './list';

export default function FilesPage() {
  return (
    <Switch>
      <Route path="/console/files/:id">{({ id }) => <FileDetail key={id} id={id} />}</Route>
      <Route>
        <FileList />
      </Route>
    </Switch>
  );
}
