import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';

import { subgraphHue } from '../../design/badge';
import { Card } from '../../design/page';
import { typeAddress, typesOf } from './addresses';
import { layOut, type Point, WIDE_MIN } from './map-layout';
import type { Supergraph } from './supergraph';

/** Who knows what: subgraphs around, and between them the entities that join them. */
export function GraphMap({ graph }: { graph: Supergraph }) {
  const [frame, room] = useRoom();
  const layout = useMemo(() => layOut(graph, room), [graph, room]);
  const [looked, setLooked] = useState<string | null>(null);
  const isLit = (...names: readonly string[]) => looked === null || names.includes(looked);
  const look = (name: string) => ({
    onMouseEnter: () => setLooked(name),
    onMouseLeave: () => setLooked(null),
    onFocus: () => setLooked(name),
    onBlur: () => setLooked(null),
  });
  const links = layout.entities.flatMap((entity) => entity.links.map((link) => ({ entity, link })));
  const isNeighbour = (subgraph: string) =>
    links.some(({ entity, link }) => link.subgraph === subgraph && entity.type.name === looked);
  return (
    <Card title="Subgraphs, and the entities that join them">
      <div ref={frame} role="region" aria-label="Map">
        <div className="map" data-room={room} style={{ height: `${layout.height}rem` }}>
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
            {links.map(({ entity, link }) => (
              <line
                key={`${entity.type.name} ${link.subgraph}`}
                x1={entity.x}
                y1={entity.y}
                x2={link.x}
                y2={link.y}
                className={`${link.owns === 0 ? 'refers' : 'owns'}${isLit(entity.type.name, link.subgraph) ? '' : ' dim'}`}
                style={{ '--hue': subgraphHue(link.subgraph) }}
              />
            ))}
          </svg>
          <ul>
            {layout.subgraphs.map(({ name, types, entities, ...point }) => (
              <li key={name} style={placed(point)}>
                <Link
                  to={typesOf(name)}
                  className={`map-subgraph${isLit(name) || isNeighbour(name) ? '' : ' dim'}`}
                  style={{ '--hue': subgraphHue(name) }}
                  {...look(name)}
                >
                  <strong>{name}</strong>
                  {layout.compact ? null : (
                    <span>
                      {types} types, {entities} entities
                    </span>
                  )}
                </Link>
              </li>
            ))}
            {layout.entities.map(({ type, links: known, ...point }) => (
              <li key={type.name} style={placed(point)}>
                <Link
                  to={typeAddress(type.name)}
                  className={`map-entity${isLit(type.name, ...known.map(({ subgraph }) => subgraph)) ? '' : ' dim'}`}
                  {...look(type.name)}
                >
                  {type.name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <p className="muted map-legend">
        <span>
          <i className="owns" /> resolves fields
        </span>
        <span>
          <i className="refers" /> refers to it by its key
        </span>
        {layout.entities.length === 0 ? <span>No entity is known to more than one subgraph.</span> : null}
        {layout.left > 0 ? (
          <span>
            {layout.left} more join subgraphs: <Link to="/console/graph/types?kind=entity">all entities</Link>
          </span>
        ) : null}
      </p>
    </Card>
  );
}

/** What there is place for in an element, as wide as it is now. */
function useRoom() {
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<'wide' | 'narrow'>('wide');
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const measure = () => setRoom(element.clientWidth < WIDE_MIN * rem ? 'narrow' : 'wide');
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return [frame, room] as const;
}

function placed({ x, y }: Point) {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}
