import { useState } from 'react';

import { Dialog, Form } from '../../design/dialog';
import { Field } from '../../design/field';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { FilesCreateCollectionDocument } from './operations.generated';

const FIELDS = ['slug', 'allowedMimeTypes', 'maxFileSize'] as const;

interface Props {
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

export function CollectionDialog({ onClose, onCreated }: Props) {
  const [slug, setSlug] = useState('');
  const [types, setTypes] = useState('');
  const [megabytes, setMegabytes] = useState('');
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(FilesCreateCollectionDocument);
  const create = async () => {
    const allowed = types.split(/[\s,]+/).filter((type) => type !== '');
    const answer = await send({
      input: {
        slug,
        allowedMimeTypes: allowed.length === 0 ? null : allowed,
        maxFileSize: megabytes === '' ? null : Math.round(Number(megabytes) * 1_000_000),
      },
    });
    if (answer === undefined) return;
    const { collection, errors } = answer.data.createFileCollection;
    setProblems(problemsOf(errors, FIELDS));
    if (collection === null) return;
    toast(`Created the collection ${collection.slug}`);
    onCreated();
    onClose();
  };
  return (
    <Dialog title="New collection" onClose={onClose}>
      <Form action="Create" busy={running} problem={problems.form} onSubmit={() => void create()} onCancel={onClose}>
        <Field label="Short name" hint="Unique in the tenant, such as “invoices”." problem={problems.slug}>
          {(control) => <input {...control} value={slug} onChange={(event) => setSlug(event.target.value)} />}
        </Field>
        <Field
          label="Admitted types"
          hint="Such as “application/pdf, image/*”. Empty admits all."
          problem={problems.allowedMimeTypes}
        >
          {(control) => <input {...control} value={types} onChange={(event) => setTypes(event.target.value)} />}
        </Field>
        <Field label="Largest file in MB" hint="Empty for the server’s own limit." problem={problems.maxFileSize}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={0}
              value={megabytes}
              onChange={(event) => setMegabytes(event.target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
