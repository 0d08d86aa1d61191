import type { shared as texts } from '../en/shared.ts';

export const shared: Readonly<Record<(typeof texts)[number], string>> = {
  Models: 'Modelos',
  Model: 'Modelo',
  Runtimes: 'Entornos',
  Setup: 'Configuración',
  Loading: 'Cargando',
  Cancel: 'Cancelar',
  Copy: 'Copiar',
  Copied: 'Copiado',
  'Try again': 'Reintentar',
  'Open in Search': 'Abrir en Búsqueda',
  'Not measured': 'Sin medir',
  'updated {time}': 'actualizado a las {time}',
  'Not answered since {time}, trying again every 10 s.':
    'Sin respuesta desde las {time}; se reintenta cada 10 s.',
  'Clear the filters': 'Quitar los filtros',
  'This page could not be shown': 'No se pudo mostrar esta página',
  'The page met an error of its own: {message}. Load it again; if it comes back, tell your administrator.':
    'La página encontró un error propio: {message}. Cárguela de nuevo; si se repite, avise a su administrador.',
  'Load the page again': 'Cargar la página de nuevo',
  'Sign in again': 'Iniciar sesión de nuevo',
  'You are no longer signed in to Splunk.': 'Ya no tiene la sesión iniciada en Splunk.',
  'Your session has ended, so Splunk does not answer this page. Sign in; what you see here stays until then.':
    'Su sesión ha terminado y Splunk ya no responde a esta página. Inicie sesión; hasta entonces queda lo que ve aquí.',
  'Splunk does not answer.': 'Splunk no responde.',
  'The search head cannot be reached from this browser. The page tries again every 10 seconds.':
    'Este navegador no alcanza el search head. La página lo reintenta cada 10 segundos.',
  'The search failed.': 'La búsqueda falló.',
  'Splunk answered with an error.': 'Splunk respondió con un error.',
  'Search id: {sid}': 'Id. de búsqueda: {sid}',
  'Type {name} to go on': 'Escriba {name} para continuar',
};
