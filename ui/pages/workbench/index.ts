/** The view `workbench`: the frame and the page load side by side. */
void Promise.all([import('../../app/start.tsx'), import('./page.tsx')]).then(([app, { Page }]) =>
  app.start('workbench', Page),
);
