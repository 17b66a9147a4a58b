import { useState } from 'react';

import { Dialog, Form } from '../../design/dialog';
import { TextInput } from '../../design/inputs';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import type { OneCustomer } from './detail';
import { CustomersUpdateDocument } from './operations.generated';

const FIELDS = ['displayName', 'email', 'phone', 'addTags', 'removeTags', 'attributes'] as const;

interface Props {
  readonly customer: OneCustomer;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

export function EditDialog({ customer, onClose, onChanged }: Props) {
  const [displayName, setDisplayName] = useState(customer.displayName ?? '');
  const [email, setEmail] = useState(customer.email ?? '');
  const [phone, setPhone] = useState(customer.phone ?? '');
  const [tags, setTags] = useState(customer.tags.join(', '));
  const [attributes, setAttributes] = useState(JSON.stringify(customer.attributes, null, 2));
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(CustomersUpdateDocument);
  const change = async () => {
    const read = readAttributes(attributes, customer.attributes);
    if (read === null) return setProblems({ attributes: 'This is no JSON object.' });
    const wanted = new Set(tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''));
    const before = new Set(customer.tags);
    const answer = await send({
      input: {
        id: customer.id,
        expectedVersion: customer.version,
        displayName: orNull(displayName),
        email: orNull(email),
        phone: orNull(phone),
        addTags: [...wanted].filter((tag) => !before.has(tag)),
        removeTags: [...before].filter((tag) => !wanted.has(tag)),
        attributes: read,
      },
    });
    if (answer === undefined) return;
    const { errors } = answer.data.updateCustomer;
    setProblems(problemsOf(errors, FIELDS));
    if (errors.length > 0) return;
    toast('Changed the customer');
    onChanged();
    onClose();
  };
  return (
    <Dialog title="Edit the customer" onClose={onClose}>
      <Form action="Save" busy={running} problem={problems.form} onSubmit={() => void change()} onCancel={onClose}>
        <TextInput label="Name" value={displayName} onChange={setDisplayName} problem={problems.displayName} />
        <TextInput label="Email" type="email" value={email} onChange={setEmail} problem={problems.email} />
        <TextInput label="Phone" type="tel" value={phone} onChange={setPhone} problem={problems.phone} />
        <TextInput
          label="Tags"
          hint="With commas between them."
          value={tags}
          onChange={setTags}
          problem={problems.addTags ?? problems.removeTags}
        />
        <TextInput
          label="Attributes"
          hint="A JSON object: whatever else you know."
          rows={5}
          mono
          value={attributes}
          onChange={setAttributes}
          problem={problems.attributes}
        />
      </Form>
    </Dialog>
  );
}

/** The attributes as the mutation merges them: one that was taken out is null. */
function readAttributes(text: string, before: unknown): object | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    const gone = Object.keys(before ?? {}).filter((name) => !Object.hasOwn(read, name));
    return { ...read, ...Object.fromEntries(gone.map((name) => [name, null])) };
  } catch {
    return null;
  }
}
