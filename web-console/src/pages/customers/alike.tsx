import { Link } from 'wouter';

import { useQuery } from '../../graphql/use-query';
import type { OneCustomer } from './detail';
import { nameOf } from './kinds';
import { CustomersAlikeDocument } from './operations.generated';

/** Hints at customers who may be the same person. Nothing when there are none. */
export function Alike({ customer }: { customer: OneCustomer }) {
  const clues = [customer.email, customer.phone, customer.displayName].filter((clue) => clue !== null);
  return clues.map((clue) => <AlikeBy key={clue} clue={clue} id={customer.id} />);
}

function AlikeBy({ clue, id }: { clue: string; id: string }) {
  const { data } = useQuery(CustomersAlikeDocument, { search: clue });
  const found =
    data?.customers.edges
      .map(({ node }) => node)
      .filter((other) => other.id !== id && [other.displayName, other.email, other.phone].some((text) => same(text, clue))) ?? [];
  if (found.length === 0) return null;
  return (
    <p className="notice" role="status">
      May be the same person, by “{clue}”:{' '}
      {found.map((other, index) => (
        <span key={other.id}>
          {index === 0 ? null : ', '}
          <Link to={`/console/customers/${other.id}`}>{nameOf(other)}</Link>
        </span>
      ))}
    </p>
  );
}

function same(text: string | null, clue: string): boolean {
  return text !== null && text.localeCompare(clue, undefined, { sensitivity: 'accent' }) === 0;
}
