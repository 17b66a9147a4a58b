// The workers of both languages in one file: most of each is the same part of Monaco. The JSON
// worker exports nothing: it leaves its start behind in `onmessage`.
import 'monaco-editor/esm/vs/language/json/json.worker.js';

import { initialize } from 'monaco-editor/esm/vs/editor/editor.worker.js';
import { GraphQLWorker } from 'monaco-graphql/esm/GraphQLWorker.js';

if (self.name === 'graphql') {
  self.onmessage = () => initialize((context: unknown, data: unknown) => new GraphQLWorker(context, data));
}
