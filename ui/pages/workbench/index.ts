import { open } from '../../app/open.ts';

open('workbench', () => import('./page.tsx'));
