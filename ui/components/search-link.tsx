import Button from '@splunk/react-ui/Button';
import Link from '@splunk/react-ui/Link';
import { createURL } from '@splunk/splunk-utils/url';
import { t } from '../i18n/index.ts';
import { APP } from '../splunkd/index.ts';

/** The address of this app's search page with a search in it, which runs when it opens. */
export function searchURL(spl: string, range: { earliest?: string; latest?: string } = {}): string {
  return createURL(`app/${APP}/search`, {
    q: spl,
    earliest: range.earliest ?? '-24h@h',
    latest: range.latest ?? 'now',
  }) as string;
}

/** The address of one of the app's own pages. */
export function pageURL(view: string, parameters: Readonly<Record<string, string | number>> = {}): string {
  return createURL(`app/${APP}/${view}`, parameters) as string;
}

export interface SearchLinkProps {
  spl: string;
  label?: string;
  appearance?: 'primary' | 'secondary' | 'link';
  earliest?: string;
  latest?: string;
}

/** Opens a search in Search. */
export function SearchLink({ spl, label, appearance = 'secondary', ...range }: SearchLinkProps) {
  const text = label ?? t('Open in Search');
  const to = searchURL(spl, range);
  if (appearance === 'link') return <Link to={to}>{text}</Link>;
  return <Button appearance={appearance} label={text} to={to} />;
}
