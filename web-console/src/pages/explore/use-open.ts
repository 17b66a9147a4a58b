import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Kind, parse } from 'graphql';

import type { Shared } from './shared';

/** Opens an operation in a tab of its own, unless the present one is empty; undefined until there are editors. */
export function useOpen(): ((operation: Shared) => void) | undefined {
  const { addTab, updateActiveTabValues, setOperationFacts } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  if (queryEditor === undefined || variableEditor === undefined) return undefined;
  return ({ query, variables }) => {
    if (queryEditor.getValue().trim() !== '') addTab();
    updateActiveTabValues({ query, variables, response: '' });
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    setOperationFacts(factsOf(query));
    queryEditor.focus();
  };
}

/** GraphiQL finds these out a moment after typing; who runs it at once needs them at once. */
function factsOf(query: string) {
  try {
    const documentAST = parse(query);
    const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    return { documentAST, operations, operationName: operations[0]?.name?.value };
  } catch {
    return {};
  }
}
