import { open } from '../../app/open.ts';

open('model', () => import('./page.tsx'));
