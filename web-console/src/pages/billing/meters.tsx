import { useState } from 'react';

import { Button } from '../../design/button';
import { Dialog, Form } from '../../design/dialog';
import { SelectInput, TextInput } from '../../design/inputs';
import { optionsOf } from '../../design/query-filters';
import { FailureState, PartialNotice } from '../../design/refusals';
import { EmptyState, Loading } from '../../design/states';
import { Table } from '../../design/table';
import { toast } from '../../design/toasts';
import { type Problems, problemsOf } from '../../graphql/problems';
import { useMutation } from '../../graphql/use-mutation';
import { useQuery } from '../../graphql/use-query';
import { useMay } from '../../session/may';
import { BillingHead } from './head';
import { AGGREGATIONS } from './names';
import { type Aggregation, BillingCreateMeterDocument, BillingMetersDocument } from './operations.generated';

export function MetersTab() {
  const [creating, setCreating] = useState(false);
  const mayCreate = useMay('billing:admin');
  const { data, errors, failure, refetch } = useQuery(BillingMetersDocument);
  return (
    <>
      <BillingHead>
        {mayCreate ? (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            New meter
          </Button>
        ) : null}
      </BillingHead>
      {creating ? <MeterDialog onClose={() => setCreating(false)} onCreated={refetch} /> : null}
      {failure !== undefined ? (
        <FailureState what="meters" error={failure} retry={refetch} />
      ) : data === undefined ? (
        <Loading what="meters" />
      ) : (
        <>
          <PartialNotice errors={errors} />
          <Table
            caption="Meters, by code"
            columns={[
              { title: 'Code', cell: ({ code }) => <code>{code}</code> },
              { title: 'Its number', cell: ({ aggregation }) => AGGREGATIONS[aggregation] },
            ]}
            rows={data.meters}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No meters">Nothing is counted yet.</EmptyState>}
          />
        </>
      )}
    </>
  );
}

const FIELDS = ['code', 'aggregation'] as const;

function MeterDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const [code, setCode] = useState('');
  const [aggregation, setAggregation] = useState<Aggregation>('COUNT');
  const [problems, setProblems] = useState<Problems<(typeof FIELDS)[number]>>({});
  const { send, running } = useMutation(BillingCreateMeterDocument);
  const create = async () => {
    const answer = await send({ input: { code: code.trim(), aggregation } });
    if (answer === undefined) return;
    const { meter, errors } = answer.data.createMeter;
    setProblems(problemsOf(errors, FIELDS));
    if (meter === null) return;
    toast(`There is a meter ${meter.code}`);
    onCreated();
    onClose();
  };
  return (
    <Dialog title="New meter" onClose={onClose}>
      <Form action="Create" busy={running} problem={problems.form} onSubmit={() => void create()} onCancel={onClose}>
        <TextInput
          label="Code"
          hint="1 to 64 of a-z, 0-9, _ and -, starting with a letter."
          value={code}
          onChange={setCode}
          problem={problems.code}
        />
        <SelectInput
          label="Its number is"
          value={aggregation}
          onChange={setAggregation}
          problem={problems.aggregation}
          options={optionsOf(AGGREGATIONS)}
        />
      </Form>
    </Dialog>
  );
}
