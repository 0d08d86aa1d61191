import Button from '@splunk/react-ui/Button';

/** A button that does nothing while something is under way, and keeps the focus meanwhile. */
export function DeedButton(props: { label: string; primary?: boolean; busy: boolean; onClick: () => void }) {
  const { label, primary, busy, onClick } = props;
  return (
    <Button
      appearance={primary ? 'primary' : 'secondary'}
      label={label}
      disabled={busy ? 'dimmed' : false}
      onClick={() => {
        if (!busy) onClick();
      }}
    />
  );
}
