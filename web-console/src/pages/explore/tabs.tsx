// In the place of an animation library, of which GraphiQL uses the list of tabs only. Its items
// claim to be tabs while they hold buttons, which confuses screen readers; the buttons say it all.
import { createContext, type DragEvent, type HTMLAttributes, type KeyboardEvent, type RefObject, useContext, useRef } from 'react';

interface GroupProps extends Animated {
  readonly ref?: RefObject<HTMLUListElement>;
  readonly values: readonly unknown[];
  readonly onReorder: (values: unknown[]) => void;
}

interface ItemProps extends Animated {
  readonly ref?: RefObject<HTMLLIElement>;
  readonly value: unknown;
}

interface Animated extends HTMLAttributes<HTMLElement> {
  readonly axis?: string;
  readonly dragConstraints?: unknown;
  readonly dragElastic?: boolean;
}

interface Order {
  readonly values: readonly unknown[];
  /** Moves a tab to the place of another. */
  readonly move: (from: number, to: number) => void;
  /** The place of the tab that is dragged. */
  readonly dragged: RefObject<number | null>;
}

const OrderContext = createContext<Order | null>(null);

function Group({ values, onReorder, axis: _axis, role: _role, ...props }: GroupProps) {
  const dragged = useRef<number | null>(null);
  const move = (from: number, to: number) => {
    if (from === to || from < 0 || to < 0 || to >= values.length) return;
    onReorder(values.toSpliced(from, 1).toSpliced(to, 0, values[from]));
  };
  return (
    <OrderContext value={{ values, move, dragged }}>
      <ul {...props} />
    </OrderContext>
  );
}

function Item({ value, role: _role, 'aria-selected': _selected, dragConstraints: _, dragElastic: __, ...props }: ItemProps) {
  const order = useContext(OrderContext);
  if (order === null) return <li {...props} />;
  const { values, move, dragged } = order;
  const place = values.indexOf(value);
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.effectAllowed = 'move';
    // Firefox drags nothing that has no data; editors take none of this type.
    event.dataTransfer.setData('application/x-tenon-tab', '');
    dragged.current = place;
  };
  const onDragOver = (event: DragEvent) => {
    if (dragged.current !== null) event.preventDefault();
  };
  const onDrop = (event: DragEvent) => {
    if (dragged.current === null) return;
    event.preventDefault();
    move(dragged.current, place);
    dragged.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0 || !event.ctrlKey || !event.shiftKey) return;
    event.preventDefault();
    move(place, place + step);
    const { target } = event;
    // What is moved in the document loses the focus.
    if (target instanceof HTMLElement) requestAnimationFrame(() => target.focus());
  };
  return (
    <li
      {...props}
      draggable={values.length > 1}
      title={values.length > 1 ? 'Drag to move, or press Ctrl+Shift+← and →' : undefined}
      onDragStart={onDragStart}
      onDragOver={onDragOver}
      onDrop={onDrop}
      onDragEnd={() => {
        dragged.current = null;
      }}
      onKeyDown={onKeyDown}
    />
  );
}

export const Reorder = { Group, Item };
