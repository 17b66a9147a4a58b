import { useId } from 'react';

import { Button } from '../../design/button';
import { SelectInput, TextInput } from '../../design/inputs';
import { optionsOf } from '../../design/query-filters';
import { MODELS } from './names';
import type { ChargeInput, ChargeModel } from './operations.generated';

interface TierDraft {
  readonly key: string;
  readonly upTo: string;
  readonly unitAmount: string;
  readonly flatAmount: string;
}

/** A charge as it is being typed. */
export interface ChargeDraft {
  readonly key: string;
  readonly meterCode: string;
  readonly model: ChargeModel;
  readonly freeUnits: string;
  readonly minimum: string;
  readonly tiers: readonly TierDraft[];
}

const newTier = (): TierDraft => ({ key: crypto.randomUUID(), upTo: '', unitAmount: '0', flatAmount: '0' });

export function newCharge(meterCode: string): ChargeDraft {
  return { key: crypto.randomUUID(), meterCode, model: 'PER_UNIT', freeUnits: '', minimum: '', tiers: [newTier()] };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

export function readCharge({ meterCode, model, freeUnits, minimum, tiers }: ChargeDraft): ChargeInput {
  return {
    meterCode,
    model,
    freeUnits: orNull(freeUnits),
    minimum: orNull(minimum),
    tiers: tiers.map(({ upTo, unitAmount, flatAmount }) => ({
      upTo: orNull(upTo),
      unitAmount: unitAmount.trim(),
      flatAmount: flatAmount.trim(),
    })),
  };
}

interface Props {
  readonly charge: ChargeDraft;
  readonly meters: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (charge: ChargeDraft) => void;
  readonly onRemove: () => void;
}

export function ChargeFields({ charge, meters, problem, onChange, onRemove }: Props) {
  const id = useId();
  const set = (change: Partial<ChargeDraft>) => onChange({ ...charge, ...change });
  const setTier = (key: string, change: Partial<TierDraft>) =>
    set({ tiers: charge.tiers.map((tier) => (tier.key === key ? { ...tier, ...change } : tier)) });
  return (
    <fieldset className="billing-charge-fields" aria-describedby={problem === undefined ? undefined : id}>
      <legend>Charge for {charge.meterCode}</legend>
      <SelectInput
        label="Meter"
        value={charge.meterCode}
        onChange={(meterCode) => set({ meterCode })}
        options={meters.map((code) => [code, code] as const)}
      />
      <SelectInput label="Price" value={charge.model} onChange={(model) => set({ model })} options={optionsOf(MODELS)} />
      <div className="billing-row">
        <TextInput label="Free units" value={charge.freeUnits} onChange={(freeUnits) => set({ freeUnits })} />
        <TextInput label="Minimum" value={charge.minimum} onChange={(minimum) => set({ minimum })} />
      </div>
      {charge.tiers.map((tier) => (
        <div key={tier.key} className="billing-row">
          <TextInput label="Up to" value={tier.upTo} onChange={(upTo) => setTier(tier.key, { upTo })} />
          <TextInput label="Each" value={tier.unitAmount} onChange={(unitAmount) => setTier(tier.key, { unitAmount })} />
          <TextInput label="Once" value={tier.flatAmount} onChange={(flatAmount) => setTier(tier.key, { flatAmount })} />
        </div>
      ))}
      {problem === undefined ? null : (
        <p id={id} className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <Button icon="plus" onClick={() => set({ tiers: [...charge.tiers, newTier()] })}>
          Tier
        </Button>
        {charge.tiers.length > 1 ? (
          <Button look="quiet" onClick={() => set({ tiers: charge.tiers.slice(0, -1) })}>
            Remove the last tier
          </Button>
        ) : null}
        <Button look="quiet" icon="close" onClick={onRemove}>
          Remove the charge
        </Button>
      </div>
    </fieldset>
  );
}
