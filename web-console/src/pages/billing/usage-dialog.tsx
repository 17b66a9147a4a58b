import { useState } from 'react';

import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf, sentence } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { BillingIngestDocument } from './operations.generated';

interface Props {
  readonly accountId: string;
  /** The codes of what the subscription charges. */
  readonly meters: readonly string[];
  readonly onClose: () => void;
  readonly onRecorded: () => void;
}

/** Counts one use of something. */
export function UsageDialog({ accountId, meters, onClose, onRecorded }: Props) {
  // One dialog records one event, however often its button is pressed.
  const [id] = useState(() => crypto.randomUUID());
  const [meterCode, setMeterCode] = useState(meters[0] ?? '');
  const [value, setValue] = useState('1');
  const [problems, setProblems] = useState<Problems<'events'>>({});
  const { send, running } = useMutation(BillingIngestDocument);
  const record = async () => {
    const event = { id, source: 'console', meterCode, accountId, value: value.trim(), at: new Date().toISOString() };
    const answer = await send({ input: { events: [event] } });
    if (answer === undefined) return;
    const { rejected, errors } = answer.data.ingestUsage;
    const refused = rejected.map(({ message }) => sentence(message)).join(' ');
    setProblems(rejected.length > 0 ? { events: refused } : problemsOf(errors, ['events']));
    if (rejected.length > 0 || errors.length > 0) return;
    toast(`Recorded ${value} for ${meterCode}`);
    onRecorded();
    onClose();
  };
  return (
    <Dialog title="Record usage" onClose={onClose}>
      <p className="muted">One event, as of now. It is on the draft of the invoice at once.</p>
      <Form action="Record" busy={running} problem={problems.form} onSubmit={() => void record()} onCancel={onClose}>
        <SelectInput
          label="Meter"
          value={meterCode}
          onChange={setMeterCode}
          options={meters.map((code) => [code, code] as const)}
        />
        <TextInput label="Value" value={value} onChange={setValue} problem={problems.events} />
      </Form>
    </Dialog>
  );
}
