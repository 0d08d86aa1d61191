import { open } from '../../app/open.ts';

open('runtimes', () => import('./page.tsx'));
