// Monaco's parts come without types.
declare module 'monaco-editor/esm/vs/*';
declare module 'monaco-graphql/esm/GraphQLWorker.js';
