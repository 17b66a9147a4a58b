import { type DragEvent, useEffect, useRef, useState } from 'react';

import { useStore } from '../../app/store';
import { Button } from '../../design/button';
import { Field } from '../../design/field';
import { formatBytes } from '../../design/format';
import { Card } from '../../design/page';
import { toast } from '../../design/toasts';
import type { FilesCollectionsQuery } from './operations.generated';
import { UploadRow } from './upload-row';
import { uploads } from './upload-store';
import { recallUploads, takeFiles } from './uploading';

type Collection = FilesCollectionsQuery['fileCollections']['edges'][number]['node'];

interface Props {
  readonly collections: readonly Collection[];
  /** The one that is looked at, if it is one. */
  readonly preferred: string | null;
  readonly onFinished: () => void;
}

/** What a collection takes, in words. */
function limits({ allowedMimeTypes, maxFileSize }: Collection): string {
  const types = allowedMimeTypes === null ? 'Any type' : `Only ${allowedMimeTypes.join(', ')}`;
  return `${types}, up to ${maxFileSize === null ? '5 GiB' : formatBytes(maxFileSize)}.`;
}

export function UploadCard({ collections, preferred, onFinished }: Props) {
  const list = useStore(uploads);
  const [chosen, setChosen] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const collection = collections.find(({ id }) => id === (chosen ?? preferred)) ?? collections[0];
  const finished = list.filter(({ state }) => state.is === 'done').length;

  useEffect(() => {
    recallUploads().catch((reason: Error) => toast(reason.message, 'bad'));
  }, []);
  useEffect(() => {
    if (finished > 0) onFinished();
  }, [finished, onFinished]);

  if (collection === undefined) return null;
  const take = (files: FileList | null) => takeFiles(files ?? [], collection.id);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <Card title="Upload">
      <div
        className="files-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>
          <strong>Drop files here</strong> <span className="muted">or choose them</span>
        </p>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
        <Button look="primary" icon="upload" onClick={() => picker.current?.click()}>
          Choose files
        </Button>
        <Field label="Into the collection" hint={limits(collection)}>
          {(control) => (
            <select {...control} value={collection.id} onChange={(event) => setChosen(event.target.value)}>
              {collections.map(({ id, slug }) => (
                <option key={id} value={id}>
                  {slug}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {list.length === 0 ? null : (
        <ul className="files-uploads" aria-label="Uploads">
          {list.map((upload) => (
            <UploadRow key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
    </Card>
  );
}
