import type { ReactNode } from 'react';

/** A step's panel: title, what it is for, its form, what the test said, the buttons. */
export function StepFrame(props: {
  title: string;
  about: string;
  children?: ReactNode;
  outcome?: ReactNode;
  actions?: ReactNode;
  /** At the other end of the buttons. */
  aside?: ReactNode;
}) {
  return (
    <section className="k-panel k-stack" aria-labelledby="setup-step">
      <div>
        <h2 id="setup-step">{props.title}</h2>
        <p>{props.about}</p>
      </div>
      {props.children}
      {props.outcome}
      <div className="k-spread">
        <div className="k-row">{props.actions}</div>
        {props.aside}
      </div>
    </section>
  );
}
