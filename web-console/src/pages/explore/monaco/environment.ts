import type { Environment } from 'monaco-editor';

import LanguageWorker from './language.worker?worker';

// Workers come from our own origin: the policy of the page admits no others, and no blobs. What
// is no language's is done by any of them; each learns by its name which it is.
const environment: Environment = {
  getWorker: (_id, label) => new LanguageWorker({ name: label }),
};

Object.assign(globalThis, { MonacoEnvironment: environment });
