import { Icon } from '../design/icon';
import { useStore } from './store';
import { type Theme, theme } from './theme';

const CHOICES: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function ThemeSwitch() {
  const chosen = useStore(theme);
  return (
    <div className="theme-switch" role="group" aria-label="Colours">
      {CHOICES.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          title={label}
          aria-label={label}
          aria-pressed={chosen === value}
          onClick={() => theme.set(value)}
        >
          <Icon name={value} />
        </button>
      ))}
    </div>
  );
}
