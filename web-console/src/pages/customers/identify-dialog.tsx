import { useState } from 'react';
import { Link, useLocation } from 'wouter';

import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { optionsOf } from '../../design/query-filters';
import { toast } from '../../design/toasts';
import { execute } from '../../graphql/execute';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { IDENTITY_KINDS, nameOf } from './kinds';
import { CustomersByIdentityDocument, CustomersIdentifyDocument, type IdentityKind } from './operations.generated';

interface Known {
  readonly kind: IdentityKind;
  readonly scope: string;
  readonly value: string;
}

interface Other {
  readonly id: string;
  readonly displayName: string | null;
}

interface Props {
  /** An identity of the customer who gets another one; a new customer without. */
  readonly of?: Known;
  readonly onClose: () => void;
  readonly onChanged?: () => void;
}

/** Whose the identity is already. */
async function whoHas(kind: IdentityKind, scope: string, value: string): Promise<Other | null> {
  const { data } = await execute(CustomersByIdentityDocument, { kind, scope, value });
  return data.customerByIdentity;
}

/** Says under which name somebody is known: a new customer, or another name of one. */
export function IdentifyDialog({ of, onClose, onChanged }: Props) {
  const place = of === undefined ? 'identities.0' : 'identities.1';
  const fields = [`${place}.scope`, `${place}.value`, 'traits'];
  const [, navigate] = useLocation();
  const [kind, setKind] = useState<IdentityKind>('EMAIL');
  const [scope, setScope] = useState('tenant');
  const [value, setValue] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [verified, setVerified] = useState(false);
  const [problems, setProblems] = useState<Problems<string>>({});
  const [other, setOther] = useState<Other | null>(null);
  const { send, running } = useMutation(CustomersIdentifyDocument);
  const identify = async () => {
    const identity = { kind, scope, value, verified };
    const identities = of === undefined ? [identity] : [{ kind: of.kind, scope: of.scope, value: of.value }, identity];
    const traits = displayName === '' ? null : { displayName };
    const answer = await send({ input: { identities, traits } });
    if (answer === undefined) return;
    const { customer, created, errors } = answer.data.identifyCustomer;
    setProblems(problemsOf(errors, fields));
    const isTaken = errors.some((error) => error.__typename === 'IdentityConflictError');
    setOther(isTaken ? await whoHas(kind, scope, value) : null);
    if (customer === null) return;
    toast(of !== undefined ? 'Added the identity' : created === true ? 'Made a customer' : 'This customer is known already');
    onChanged?.();
    onClose();
    navigate(`/console/customers/${customer.id}`);
  };
  return (
    <Dialog title={of === undefined ? 'New customer' : 'Add an identity'} onClose={onClose}>
      <Form
        action={of === undefined ? 'Create' : 'Add'}
        busy={running}
        problem={problems.form}
        onSubmit={() => void identify()}
        onCancel={onClose}
      >
        {of === undefined ? (
          <TextInput label="Name" value={displayName} onChange={setDisplayName} problem={problems['traits']} />
        ) : null}
        <SelectInput label="Known from" value={kind} onChange={setKind} options={optionsOf(IDENTITY_KINDS)} />
        <TextInput
          label="Scope"
          hint="The page, account or number for a platform’s ids; a word of your choice otherwise."
          value={scope}
          onChange={setScope}
          problem={problems[`${place}.scope`]}
        />
        <TextInput label="Value" value={value} onChange={setValue} problem={problems[`${place}.value`]} />
        <label className="customers-check">
          <input type="checkbox" checked={verified} onChange={(event) => setVerified(event.target.checked)} />
          Somebody vouches for it
        </label>
        {other === null ? null : (
          <p className="notice">
            It is one of <Link to={`/console/customers/${other.id}`}>{nameOf(other)}</Link>: the two may be one person.
          </p>
        )}
      </Form>
    </Dialog>
  );
}
