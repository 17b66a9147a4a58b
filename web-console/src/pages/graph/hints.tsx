import { Link } from 'wouter';

import type { Hint, Place } from '../../console-api/schema';
import { Badge, SubgraphBadge, type Tone } from '../../design/badge';
import { EmptyState } from '../../design/states';
import { sourceAddress } from './addresses';

const TONES: Readonly<Record<Hint['level'], Tone>> = { warn: 'warning', info: 'info', debug: 'neutral' };

export function Hints({ hints }: { hints: readonly Hint[] }) {
  if (hints.length === 0) {
    return <EmptyState title="No hints">The subgraphs agree in everything that composition looks at.</EmptyState>;
  }
  return <HintsList hints={hints} />;
}

/** What composition remarks, each with the places in the subgraphs’ schemas. */
export function HintsList({ hints }: { hints: readonly Hint[] }) {
  return (
    <ul className="graph-list">
      {hints.map((hint) => (
        <li key={`${hint.code} ${hint.message}`}>
          <header>
            <Badge tone={TONES[hint.level]}>{hint.level}</Badge> <code>{hint.code}</code>
          </header>
          <p>{hint.message}</p>
          <p className="graph-places">
            {hint.places.map((place) => (
              <PlaceLink key={`${place.subgraph} ${place.line} ${place.column}`} place={place} />
            ))}
          </p>
        </li>
      ))}
    </ul>
  );
}

function PlaceLink({ place }: { place: Place }) {
  return (
    <Link to={sourceAddress(place)} className="graph-place">
      <SubgraphBadge name={place.subgraph} /> <span>line {place.line}</span>
    </Link>
  );
}
