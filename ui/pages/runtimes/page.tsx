import { PageHead } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';

export function Page() {
  return <PageHead title={t('Runtimes')} />;
}
