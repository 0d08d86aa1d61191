import { Fragment, type ReactNode } from 'react';

export interface PageHeadProps {
  title: string;
  /** The line below the title: how many, as of when. Parts that are false or empty are left out. */
  facts?: readonly (ReactNode | false)[];
  /** Beside the title: a state. */
  mark?: ReactNode;
  /** Above the title: the way back. */
  crumbs?: ReactNode;
  actions?: ReactNode;
}

/** Title, one line of facts, and what can be done with the page as a whole. */
export function PageHead({ title, facts = [], mark, crumbs, actions }: PageHeadProps) {
  const shown = facts.filter((fact) => fact !== false && fact !== '' && fact !== undefined);
  return (
    <div className="k-head">
      <div>
        {crumbs && <div className="k-crumbs">{crumbs}</div>}
        <div className="k-head__title">
          <h1>{title}</h1>
          {mark}
        </div>
        {shown.length > 0 && (
          <p className="k-head__facts" role="status">
            {shown.map((fact, at) => (
              <Fragment key={at}>
                {at > 0 && ' · '}
                {fact}
              </Fragment>
            ))}
          </p>
        )}
      </div>
      {actions && <div className="k-head__actions">{actions}</div>}
    </div>
  );
}
