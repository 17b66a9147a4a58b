import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Kind, parse } from 'graphql';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
import { Menu } from '../../design/menu';
import { Segments } from '../../design/segments';
import { type Transport, transport } from '../../graphql/transport';
import { CopyMenu } from './copy-menu';
import { prepared } from './prepared';

interface Props {
  readonly planShown: boolean;
  readonly onShowPlan: () => void;
}

const TRANSPORTS: readonly { value: Transport; label: string }[] = [
  { value: 'websocket', label: 'WebSocket' },
  { value: 'sse', label: 'SSE' },
];

export function Toolbar({ planShown, onShowPlan }: Props) {
  const over = useStore(transport);
  return (
    <div className="explore-bar">
      <h1>Explore</h1>
      <PreparedMenu />
      <div className="actions">
        <span className="muted" id="explore-transport">
          Subscriptions over
        </span>
        <Segments labelledBy="explore-transport" choices={TRANSPORTS} chosen={over} onChoose={transport.set} />
        <CopyMenu />
        {planShown ? null : (
          <Button icon="graph" onClick={onShowPlan}>
            Plan
          </Button>
        )}
      </div>
    </div>
  );
}

/** Opens a prepared operation in a tab of its own, unless the present one is empty. */
function PreparedMenu() {
  const { addTab, updateActiveTabValues, setOperationFacts } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const open = (query: string) => {
    if (queryEditor === undefined) return;
    if (queryEditor.getValue().trim() !== '') addTab();
    updateActiveTabValues({ query, variables: '', response: '' });
    queryEditor.setValue(query);
    variableEditor?.setValue('');
    setOperationFacts(factsOf(query));
    queryEditor.focus();
  };
  return (
    <Menu
      label="Prepared operations"
      icon="files"
      items={prepared.map(({ title, query }) => ({ label: title, onChoose: () => open(query) }))}
    />
  );
}

/** GraphiQL finds these out a moment after typing; who runs it at once needs them at once. */
function factsOf(query: string) {
  const documentAST = parse(query);
  const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return { documentAST, operations, operationName: operations[0]?.name?.value };
}
