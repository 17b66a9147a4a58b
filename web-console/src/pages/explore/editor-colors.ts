import { useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

import { theme } from '../../app/theme';

/** The names of the editors' themes. */
export const editorThemes = { dark: 'tenon-dark', light: 'tenon-light' } as const;

const CLEAR = '#ffffff00';

interface Palette {
  readonly surface: string;
  readonly accent: string;
  /** The accent as a background, so thin that text on it stays readable. */
  readonly accentSoft: string;
  readonly field: string;
  readonly lineNumber: string;
  readonly comment: string;
  readonly argument: string;
  readonly type: string;
}

const DARK: Palette = {
  surface: '#171e27',
  accent: '#7ea6ff',
  accentSoft: '#7ea6ff26',
  field: '#b7c2d711',
  lineNumber: '#9aa7b6',
  comment: '#8fbf7f',
  argument: '#a9a5ff',
  type: '#4ec9b0',
};

const LIGHT: Palette = {
  surface: '#ffffff',
  accent: '#1b4dd8',
  accentSoft: '#1b4dd81a',
  field: '#3b4b6811',
  lineNumber: '#566070',
  comment: '#2b7326',
  argument: '#5b57c4',
  type: '#006b6b',
};

function colorsOf({ surface, accent, accentSoft, field, lineNumber }: Palette): Record<string, string> {
  return {
    'editor.background': CLEAR,
    'editorLineNumber.foreground': lineNumber,
    'scrollbar.shadow': CLEAR,
    'textLink.foreground': accent,
    'textLink.activeForeground': accent,
    'editorLink.activeForeground': accent,
    'editorHoverWidget.background': surface,
    'editorSuggestWidget.background': surface,
    'editorSuggestWidget.selectedBackground': accentSoft,
    'editorSuggestWidget.selectedForeground': accent,
    'editorWidget.background': surface,
    'list.hoverBackground': accentSoft,
    'list.highlightForeground': accent,
    'list.focusHighlightForeground': accent,
    'menu.background': surface,
    'menu.selectionBackground': accentSoft,
    'menu.selectionForeground': accent,
    'quickInput.background': surface,
    'quickInputList.focusBackground': accentSoft,
    'input.background': field,
    focusBorder: accent,
  };
}

/** Gives Monaco the console's colours as soon as it is there. */
export function useEditorColors(): void {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (monaco === undefined) return;
    for (const [base, name, palette] of [
      ['vs-dark', editorThemes.dark, DARK],
      ['vs', editorThemes.light, LIGHT],
    ] as const) {
      const rules = [
        { token: 'comment', foreground: palette.comment },
        { token: 'type', foreground: palette.type },
        { token: 'argument.identifier.gql', foreground: palette.argument },
      ];
      monaco.editor.defineTheme(name, { base, inherit: true, colors: colorsOf(palette), rules });
    }
    const chosen = theme.get();
    const isDark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    monaco.editor.setTheme(isDark ? editorThemes.dark : editorThemes.light);
  }, [monaco]);
}
