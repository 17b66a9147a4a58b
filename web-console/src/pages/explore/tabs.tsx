// In the place of an animation library, of which GraphiQL uses the list of tabs only. Its items
// claim to be tabs while they hold buttons, which confuses screen readers; the buttons say it all.
import { createElement, type HTMLAttributes, type RefObject } from 'react';

interface Props extends HTMLAttributes<HTMLElement> {
  readonly ref?: RefObject<HTMLElement>;
  readonly [animation: string]: unknown;
}

/** What only the animation knows, and what is wrong for a list with buttons. */
const DROPPED = new Set([
  'axis',
  'dragConstraints',
  'dragElastic',
  'onReorder',
  'role',
  'value',
  'values',
  'aria-selected',
]);

function plain(element: 'ul' | 'li') {
  return function Plain(props: Props) {
    const kept = Object.entries(props).filter(([name]) => !DROPPED.has(name));
    return createElement(element, Object.fromEntries(kept));
  };
}

export const Reorder = { Group: plain('ul'), Item: plain('li') };
