import { useGraphiQL } from '@graphiql/react';
import { getOperationAST } from 'graphql';

import { Menu } from '../../design/menu';
import { toast } from '../../design/toasts';
import { session } from '../../session/session';
import { type Copied, type Language, writers } from './copy';

const LANGUAGES = Object.keys(writers) as Language[];

export function CopyMenu() {
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor, documentAST, operationName }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
    documentAST,
    operationName,
  }));
  const copy = async (language: Language) => {
    try {
      const operation = editors.documentAST && getOperationAST(editors.documentAST, editors.operationName);
      const user = session.get();
      const copied: Copied = {
        origin: window.location.origin,
        query: editors.queryEditor?.getValue() ?? '',
        variables: readObject(editors.variableEditor?.getValue(), 'The variables'),
        headers: readObject(editors.headerEditor?.getValue(), 'The headers') as Record<string, string>,
        operationName: editors.operationName,
        isSubscription: operation?.operation === 'subscription',
        signedInAs: user === null ? null : (user.role ?? 'token'),
      };
      await navigator.clipboard.writeText(writers[language](copied));
      toast(language === 'link' ? 'Copied a link' : `Copied as ${language}`);
    } catch (failure) {
      toast(failure instanceof Error ? failure.message : String(failure), 'bad');
    }
  };
  return (
    <Menu
      label="Copy as"
      icon="copy"
      items={LANGUAGES.map((language) => ({ label: language === 'link' ? 'Link to this operation' : language, onChoose: () => void copy(language) }))}
    />
  );
}

function readObject(text: string | undefined, what: string): Record<string, unknown> {
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Error(`${what} are no JSON`);
  }
}
