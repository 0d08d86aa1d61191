import { open } from '../../app/open.ts';

open('setup', () => import('./page.tsx'));
