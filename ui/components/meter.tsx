/** Above this share of its limit a use is drawn in the colour of caution. */
export const HIGH = 0.85;

/**
 * How much of a limit is used: the words, and a bar below them. Without a limit the words alone. `words` say both numbers, so
 * that the bar is decoration.
 */
export function Meter({
  used,
  limit,
  words,
}: {
  used: number | undefined;
  limit: number | undefined;
  words: string;
}) {
  const share =
    used !== undefined && limit !== undefined && limit > 0 ? Math.min(1, used / limit) : undefined;
  return (
    <span className="k-meter">
      <span className="k-number">{words}</span>
      {share !== undefined && (
        <span className="k-meter__track" aria-hidden="true">
          <span className="k-meter__bar" data-high={share > HIGH} style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </span>
  );
}
