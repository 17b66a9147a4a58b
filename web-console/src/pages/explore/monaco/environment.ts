import type { Environment } from 'monaco-editor';

import GraphQLWorker from './graphql.worker?worker';
import JsonWorker from './json.worker?worker';

// Workers come from our own origin: the policy of the page admits no others, and no blobs. What
// is no language's is done by any of them, so that there is one less to load.
const environment: Environment = {
  getWorker: (_id, label) => (label === 'graphql' ? new GraphQLWorker() : new JsonWorker()),
};

Object.assign(globalThis, { MonacoEnvironment: environment });
