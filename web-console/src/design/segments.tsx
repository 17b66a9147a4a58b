interface Props<Value extends string> {
  /** The id of what says in words what is chosen here, or those words. */
  readonly labelledBy?: string;
  readonly label?: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, all of which are seen at once. */
export function Segments<Value extends string>({ labelledBy, label, choices, chosen, onChoose }: Props<Value>) {
  return (
    <div className="segments" role="group" aria-labelledby={labelledBy} aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === chosen}
          onClick={() => onChoose(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
