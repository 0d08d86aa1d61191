/** How far something is, where its end is known: a bar from 0 to 1 with its name for screen readers. */
export function ProgressLine({ value, label }: { value: number; label: string }) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <span
      className="k-meter__track k-progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <span className="k-meter__bar" style={{ width: `${share * 100}%` }} />
    </span>
  );
}
