import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds a gateway: one that was started with `tenon dev`. */
const gateway = process.env['TENON_URL'] ?? 'http://127.0.0.1:4000';

function explore(name: string): string {
  return fileURLToPath(new URL(`./src/pages/explore/${name}`, import.meta.url));
}

const UNUSED_IN_MONACO = new RegExp(
  `^.*/(${[
    'codeActionController',
    'colorHoverParticipant',
    'copyPasteController',
    'diffEditorWidget',
    'inlayHintsHover',
    'inlineCompletionsHintsWidget',
    'linesDiffComputers',
    'multiDiffEditorWidget',
    'referencesController',
  ].join('|')})\\.js$`,
);

const graphqlOfExplorer: Plugin = {
  name: 'graphql-of-explorer',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === 'graphql' && importer?.includes('/graphiql-explorer/') === true ? explore('graphql-of-explorer.ts') : null,
};

export default defineConfig({
  base: '/console/',
  plugins: [react(), graphqlOfExplorer],
  resolve: {
    alias: [
      { find: 'monaco-editor/esm/vs/editor/edcore.main.js', replacement: explore('monaco/editor.ts') },
      { find: UNUSED_IN_MONACO, replacement: explore('monaco/nothing.ts') },
      { find: 'framer-motion', replacement: explore('tabs.tsx') },
      { find: 'entities', replacement: explore('entities.ts') },
    ],
  },
  // The gateway puts the nonce of each answer in the place of this word.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // Since these know light-dark(), it is not rewritten into something that only follows the system.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data URL would need a looser policy than a file of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Directives for a compiler that has already run mean nothing here.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
    // Monaco is one chunk by nature, and only Explore loads it.
    chunkSizeWarningLimit: 4000,
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/graphql': { target: gateway, ws: true },
      '/auth': gateway,
      '/files': gateway,
      '/hooks': gateway,
      '/console/api': gateway,
    },
  },
});
