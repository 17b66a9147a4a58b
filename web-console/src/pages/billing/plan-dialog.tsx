import { useState } from 'react';

import { Button } from '../../design/button';
import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { optionsOf } from '../../design/query-filters';
import { Loading } from '../../design/states';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { ChargeFields, type ChargeDraft, newCharge, readCharge } from './charge-fields';
import { INTERVALS } from './names';
import { BillingCreatePlanDocument, type BillingInterval, BillingMetersDocument } from './operations.generated';

interface Props {
  readonly onClose: () => void;
  readonly onOffered: () => void;
}

export function PlanDialog({ onClose, onOffered }: Props) {
  const { data: known } = useQuery(BillingMetersDocument);
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [currency, setCurrency] = useState('EUR');
  const [interval, setInterval] = useState<BillingInterval>('MONTH');
  const [base, setBase] = useState('0');
  const [charges, setCharges] = useState<readonly ChargeDraft[]>([]);
  const [problems, setProblems] = useState<Problems<string>>({});
  const { send, running } = useMutation(BillingCreatePlanDocument);
  const fields = ['code', 'name', 'currency', 'base', ...charges.map((_, index) => `charges.${index}`)];
  const offer = async () => {
    const input = {
      code: code.trim(),
      name: name.trim(),
      currency: currency.trim().toUpperCase(),
      interval,
      base: base.trim(),
      charges: charges.map(readCharge),
    };
    const answer = await send({ input });
    if (answer === undefined) return;
    const { plan, errors } = answer.data.createPlan;
    setProblems(problemsOf(errors, fields));
    if (plan === null) return;
    toast(`${plan.name} is on offer, version ${plan.version}`);
    onOffered();
    onClose();
  };
  const change = (key: string, charge: ChargeDraft) =>
    setCharges(charges.map((before) => (before.key === key ? charge : before)));
  const meters = known?.meters.map((meter) => meter.code);
  const [first] = meters ?? [];
  return (
    <Dialog title="Offer a plan" onClose={onClose}>
      <p className="muted">Another plan of the same code becomes its next version; who has subscribed keeps theirs.</p>
      {meters === undefined ? (
        <Loading what="the meters" />
      ) : (
        <Form action="Offer" busy={running} problem={problems.form} onSubmit={() => void offer()} onCancel={onClose}>
          <TextInput label="Code" hint="Its name in programs." value={code} onChange={setCode} problem={problems['code']} />
          <TextInput label="Name" hint="Stands on invoices." value={name} onChange={setName} problem={problems['name']} />
          <div className="billing-row">
            <TextInput label="Price" value={base} onChange={setBase} problem={problems['base']} />
            <TextInput label="Currency" value={currency} onChange={setCurrency} problem={problems['currency']} />
            <SelectInput label="Per" value={interval} onChange={setInterval} options={optionsOf(INTERVALS)} />
          </div>
          {charges.map((charge, index) => (
            <ChargeFields
              key={charge.key}
              charge={charge}
              meters={meters}
              problem={problems[`charges.${index}`]}
              onChange={(changed) => change(charge.key, changed)}
              onRemove={() => setCharges(charges.filter(({ key }) => key !== charge.key))}
            />
          ))}
          {first === undefined ? (
            <p className="muted">There are no meters yet, so usage cannot be charged.</p>
          ) : (
            <Button icon="plus" onClick={() => setCharges([...charges, newCharge(first)])}>
              Charge usage
            </Button>
          )}
        </Form>
      )}
    </Dialog>
  );
}
