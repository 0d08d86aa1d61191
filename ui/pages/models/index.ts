import { keplerSearch } from '../../splunkd/spl.ts';

/** The view `models`: the frame and the page load side by side, and what the page shows first is searched for meanwhile. */
void import('../../splunkd/ahead.ts').then(({ searchAhead }) => searchAhead(keplerSearch('models')));
void Promise.all([import('../../app/start.tsx'), import('./page.tsx')]).then(([app, { Page }]) =>
  app.start('models', Page),
);
