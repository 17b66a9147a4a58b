import { useEffect, useMemo, useRef } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';

import type { SchemaBody } from '../../console-api/schema';
import { Button } from '../../design/button';
import { Field } from '../../design/field';
import { EmptyState } from '../../design/states';
import { toast } from '../../design/toasts';
import { GRAPH } from './addresses';

/** Lines that the browser lays out together, and only when they come near. */
const BLOCK = 200;

/** The schemas as text: what clients see, what routers read, and what each subgraph says. */
export function Schemas({ schema }: { schema: SchemaBody }) {
  const { name = '@api' } = useParams<{ name?: string }>();
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const texts = useMemo(
    () =>
      new Map([
        ['@api', { title: 'API schema', sdl: schema.api }],
        ['@supergraph', { title: 'Supergraph', sdl: schema.supergraph }],
        ...schema.subgraphs.map((each) => [each.name, { title: each.name, sdl: each.sdl }] as const),
      ]),
    [schema],
  );
  const shown = texts.get(decodeURIComponent(name));
  return (
    <>
      <div className="filters">
        <Field label="Schema">
          {(control) => (
            <select
              {...control}
              value={decodeURIComponent(name)}
              onChange={({ target }) => navigate(`${GRAPH}/schemas/${encodeURIComponent(target.value)}`)}
            >
              {[...texts].map(([key, { title }]) => (
                <option key={key} value={key}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {shown === undefined ? null : (
          <>
            <Button icon="copy" onClick={() => void copy(shown.sdl)}>
              Copy
            </Button>
            <Button icon="download" onClick={() => save(shown.title, shown.sdl)}>
              Download
            </Button>
          </>
        )}
      </div>
      {shown === undefined ? (
        <EmptyState title="There is no such subgraph" />
      ) : (
        <Source title={shown.title} sdl={shown.sdl} line={Number(params.get('line') ?? 0)} />
      )}
    </>
  );
}

function Source({ title, sdl, line }: { title: string; sdl: string; line: number }) {
  const wanted = useRef<HTMLLIElement>(null);
  const lines = useMemo(() => sdl.trimEnd().split('\n'), [sdl]);
  useEffect(() => {
    wanted.current?.scrollIntoView({ block: 'center' });
  }, [line, sdl]);
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, index) => index * BLOCK);
  return (
    <div className="source" tabIndex={0} role="region" aria-label={`Text of ${title}`}>
      {blocks.map((start) => (
        <ol key={start} start={start + 1} style={{ counterReset: `line ${start}` }}>
          {lines.slice(start, start + BLOCK).map((text, index) => {
            const isWanted = start + index + 1 === line;
            return (
              <li key={start + index} ref={isWanted ? wanted : undefined} className={isWanted ? 'source-wanted' : ''}>
                {text}
              </li>
            );
          })}
        </ol>
      ))}
    </div>
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => toast('Copied'),
    () => toast('The browser does not let this page copy', 'bad'),
  );
}

function save(title: string, sdl: string): void {
  const url = URL.createObjectURL(new Blob([sdl], { type: 'application/graphql' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${title.toLowerCase().replaceAll(' ', '-')}.graphql`;
  link.click();
  URL.revokeObjectURL(url);
}
