import Button from '@splunk/react-ui/Button';
import { useEffect, useState } from 'react';
import { t } from '../i18n/index.ts';

/** Copies with the clipboard where the browser allows it (https, localhost), else by the older way. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** Copies `text` and says so for two seconds. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        appearance="secondary"
        label={copied ? t('Copied') : (label ?? t('Copy'))}
        onClick={() => void copy(text).then(() => setCopied(true))}
      />
      <span className="k-hidden" role="status">
        {copied && t('Copied')}
      </span>
    </>
  );
}
