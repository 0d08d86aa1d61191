import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
  /** The exact value, where `value` is rounded. */
  title?: string;
}

/** Names and values side by side. */
export function FactStrip({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="k-facts">
      {facts.map(({ label, value, title }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={title}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
