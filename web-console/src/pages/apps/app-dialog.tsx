import { useState } from 'react';
import { useLocation } from 'wouter';

import { Dialog, Form } from '../../design/dialog';
import { TextInput } from '../../design/inputs';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { AppsCreateDocument } from './operations.generated';

const FIELDS = ['name', 'slug'] as const;

/** `Café Köln` becomes `cafe-koln`. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

export function AppDialog({ onClose }: { onClose: () => void }) {
  // One dialog makes one app, however often its button is pressed.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState<string | null>(null);
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(AppsCreateDocument);
  const create = async () => {
    const answer = await send({ input: { name: name.trim(), slug: slug ?? slugOf(name), idempotencyKey } });
    if (answer === undefined) return;
    const { app, errors } = answer.data.createApp;
    setProblems(problemsOf(errors, FIELDS));
    if (app === null) return setIdempotencyKey(crypto.randomUUID());
    toast(`Made the app ${app.name}`);
    navigate(`/console/apps/${app.id}`);
  };
  return (
    <Dialog title="New app" onClose={onClose}>
      <Form action="Create" busy={running} problem={problems.form} onSubmit={() => void create()} onCancel={onClose}>
        <TextInput label="Name" value={name} onChange={setName} problem={problems.name} />
        <TextInput
          label="Short name"
          hint="Unique in the tenant."
          value={slug ?? slugOf(name)}
          onChange={setSlug}
          problem={problems.slug}
        />
      </Form>
    </Dialog>
  );
}
