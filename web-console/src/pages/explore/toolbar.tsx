import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
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
  const { addTab, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const open = (title: string) => {
    const query = prepared.find((each) => each.title === title)?.query;
    if (query === undefined || queryEditor === undefined) return;
    if (queryEditor.getValue().trim() !== '') addTab();
    updateActiveTabValues({ query, variables: '', response: '' });
    queryEditor.setValue(query);
    variableEditor?.setValue('');
    queryEditor.focus();
  };
  return (
    <select aria-label="Prepared operations" value="" onChange={(event) => open(event.target.value)}>
      <option value="">Open a prepared operation …</option>
      {prepared.map(({ title }) => (
        <option key={title} value={title}>
          {title}
        </option>
      ))}
    </select>
  );
}
