// In the place of parts of Monaco that its others name and nothing here opens: editors and computers
// of differences, pickers of colours, hints between the words, quick fixes, pasting as something
// else, and peeking at references.

/** A part that every editor would have; this one says that it has none. */
class Absent {
  static get(): null {
    return null;
  }
}

export class CodeActionController extends Absent {}
export class ColorHoverParticipant {}
export class CopyPasteController extends Absent {}
export class DiffEditorWidget {}
export class InlayHintsHover {}
export class InlineSuggestionHintsContentWidget {
  static dropDownVisible = false;
}
export class MultiDiffEditorWidget {}
export class ReferencesController extends Absent {}

export const linesDiffComputers = {};
