import './monaco/style-nonce';
import './monaco/environment';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import '@graphiql/plugin-explorer/style.css';
import './explore.css';

import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useState } from 'react';

import { useStore } from '../../app/store';
import { theme } from '../../app/theme';
import { editorThemes, useEditorColors } from './editor-colors';
import { historyPlugin } from './history';
import { PlanPanel } from './plan-panel';
import { prepared } from './prepared';
import { fetcher } from './run';
import { SignInNotice } from './sign-in-notice';
import { keepTabs, storage } from './storage';
import { Toolbar } from './toolbar';

const PLUGINS = [DOC_EXPLORER_PLUGIN, explorerPlugin({ showAttribution: false }), historyPlugin];
/** More would not be looked through. */
const HISTORY_MAX = 50;

export default function ExplorePage() {
  const [planShown, setPlanShown] = useState(true);
  const colors = useStore(theme);
  useEditorColors();
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      editorTheme={editorThemes}
      defaultQuery={prepared[0]?.query ?? ''}
      storage={storage}
      onTabChange={keepTabs}
      shouldPersistHeaders={false}
    >
      <HistoryStore maxHistoryLength={HISTORY_MAX}>
        <DocExplorerStore>
          <div className="explore">
            <Toolbar planShown={planShown} onShowPlan={() => setPlanShown(true)} />
            <SignInNotice />
            <GraphiQLInterface forcedTheme={colors} showPersistHeadersSettings={false}>
              <GraphiQL.Logo>
                <span />
              </GraphiQL.Logo>
            </GraphiQLInterface>
            {planShown ? <PlanPanel onClose={() => setPlanShown(false)} /> : null}
          </div>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
