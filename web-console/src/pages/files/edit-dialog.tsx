import { useState } from 'react';

import { Dialog, Form } from '../../design/dialog';
import { Field } from '../../design/field';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import type { OneFile } from './detail';
import { FilesUpdateDocument } from './operations.generated';

const FIELDS = ['name', 'group', 'metadata', 'requireAuth'] as const;

interface Props {
  readonly file: OneFile;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

export function EditDialog({ file, onClose, onChanged }: Props) {
  const [name, setName] = useState(file.name);
  const [group, setGroup] = useState(file.group ?? '');
  const [metadata, setMetadata] = useState(JSON.stringify(file.metadata, null, 2));
  const [requireAuth, setRequireAuth] = useState(file.requireAuth);
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(FilesUpdateDocument);
  const change = async () => {
    let read: unknown;
    try {
      read = JSON.parse(metadata);
    } catch {
      return setProblems({ metadata: 'This is not JSON.' });
    }
    const input = {
      id: file.id,
      expectedVersion: file.version,
      name,
      group: group === '' ? null : group,
      requireAuth,
      metadata: read,
    };
    const answer = await send({ input });
    if (answer === undefined) return;
    const { errors } = answer.data.updateFile;
    setProblems(problemsOf(errors, FIELDS));
    if (errors.length > 0) return;
    toast(`Changed ${name}`);
    onChanged();
    onClose();
  };
  return (
    <Dialog title="Edit the file" onClose={onClose}>
      <Form action="Save" busy={running} problem={problems.form} onSubmit={() => void change()} onCancel={onClose}>
        <Field label="Name" problem={problems.name}>
          {(control) => <input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Group" hint="Whatever belongs together, in your words." problem={problems.group}>
          {(control) => <input {...control} value={group} onChange={(event) => setGroup(event.target.value)} />}
        </Field>
        <Field label="Metadata" hint="A JSON object." problem={problems.metadata}>
          {(control) => (
            <textarea
              {...control}
              className="mono"
              rows={5}
              value={metadata}
              onChange={(event) => setMetadata(event.target.value)}
            />
          )}
        </Field>
        <label className="files-check">
          <input type="checkbox" checked={requireAuth} onChange={(event) => setRequireAuth(event.target.checked)} />
          Only with a token or a signed link
        </label>
      </Form>
    </Dialog>
  );
}
