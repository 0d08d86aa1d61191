/** The workbench's page. What makes styles is loaded once the nonce is known. */
import './nonce.ts';

void import('./start.tsx').then(({ start }) => start());
