// In the place of Monaco's editors of differences, which nothing here opens.
export class DiffEditorWidget {}

export class MultiDiffEditorWidget {}
