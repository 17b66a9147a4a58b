import { Link } from 'wouter';

import type { Change, SchemaBody } from '../../console-api/schema';
import { Badge, type Tone } from '../../design/badge';
import { formatDateTime } from '../../design/format';
import { EmptyState } from '../../design/states';
import { typeAddress } from './addresses';
import type { Supergraph } from './supergraph';

const LEVELS: readonly Change['level'][] = ['breaking', 'dangerous', 'safe'];
const TONES: Readonly<Record<Change['level'], Tone>> = { breaking: 'bad', dangerous: 'warning', safe: 'good' };

/** How the API differs from the one that was served before. */
export function Changes({ schema, graph }: { schema: SchemaBody; graph: Supergraph }) {
  const { previous, changes } = schema;
  if (previous === null) {
    return (
      <EmptyState title="This is the first schema">
        When a subgraph changes, what that means for clients is listed here.
      </EmptyState>
    );
  }
  const about = `Served since ${formatDateTime(schema.since)}; the one before since ${formatDateTime(previous.since)}.`;
  if (changes.length === 0) return <EmptyState title="The API is as before">{about}</EmptyState>;
  return (
    <>
      <p className="muted">{about}</p>
      <ul className="graph-list">
        {LEVELS.flatMap((level) => changes.filter((change) => change.level === level)).map((change) => (
          <li key={`${change.code} ${change.path} ${change.message}`}>
            <header>
              <Badge tone={TONES[change.level]}>{change.level}</Badge> <Coordinate path={change.path} graph={graph} />{' '}
              {change.message}
            </header>
          </li>
        ))}
      </ul>
    </>
  );
}

function Coordinate({ path, graph }: { path: string; graph: Supergraph }) {
  const [type = '', field] = path.split('.');
  if (!graph.types.has(type)) return <code>{path}</code>;
  return (
    <Link to={typeAddress(type, field)}>
      <code>{path}</code>
    </Link>
  );
}
