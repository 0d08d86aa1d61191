import { open } from '../../app/open.ts';
import { keplerSearch } from '../../splunkd/spl.ts';

open('models', () => import('./page.tsx'), keplerSearch('models'));
