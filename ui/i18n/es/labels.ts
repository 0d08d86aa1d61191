/** What stands in the app's XML: labels of views and of the navigation. Splunk itself translates them, by its catalogue. */
export const labels: Readonly<Record<string, string>> = {
  Models: 'Modelos',
  'Model details': 'Detalles del modelo',
  Runtimes: 'Entornos',
  Setup: 'Configuración',
  Workbench: 'Banco de trabajo',
  Dashboards: 'Paneles',
};
