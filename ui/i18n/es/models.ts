import type { models as texts } from '../en/models.ts';

export const models: Readonly<Record<(typeof texts)[number], string>> = {
  'Name v{version} of {name}': 'Dar nombre a v{version} de {name}',
  'Set the alias': 'Poner el alias',
  '{name}: {alias} is now v{version}.': '{name}: {alias} es ahora v{version}.',
  'Searches can then say {name}@<alias> and need no number.':
    'Las búsquedas pueden decir entonces {name}@<alias>, sin número.',
  'The alias {alias} points at v{was} now; it moves to v{version}.':
    'El alias {alias} apunta ahora a v{was}; pasará a v{version}.',
  Health: 'Estado',
  Champion: 'Campeón',
  Algorithm: 'Algoritmo',
  'Main metric': 'Métrica principal',
  'Last fit': 'Último ajuste',
  Drift: 'Deriva',
  Owner: 'Propietario',
  App: 'App',
  Sharing: 'Visibilidad',
  'Applied, 24 h': 'Aplicado, 24 h',
  'Delete {name}?': '¿Eliminar {name}?',
  'Delete v{version} of {name}?': '¿Eliminar v{version} de {name}?',
  'Delete {n} version': 'Eliminar {n} versión',
  'Delete {n} versions': 'Eliminar {n} versiones',
  'Delete v{version}': 'Eliminar v{version}',
  '{name} is deleted.': '{name} se ha eliminado.',
  '{name}: v{version} is deleted.': '{name}: v{version} se ha eliminado.',
  'Its {n} version, its metrics and its ONNX file are removed. This cannot be undone.':
    'Se eliminan su {n} versión, sus métricas y su archivo ONNX. No se puede deshacer.',
  'All {n} versions, their metrics and ONNX files are removed. This cannot be undone.':
    'Se eliminan las {n} versiones con sus métricas y archivos ONNX. No se puede deshacer.',
  'The version, its metrics and its ONNX file are removed. This cannot be undone.':
    'Se eliminan la versión, sus métricas y su archivo ONNX. No se puede deshacer.',
  'v{version} is the champion': 'v{version} es el campeón',
  'Searches that apply {name} without a version use it. Promote another version first.':
    'La usan las búsquedas que aplican {name} sin versión. Promueva antes otra versión.',
  'It is in use': 'Está en uso',
  'It was applied {n} time in the last 24 hours.': 'Se aplicó {n} vez en las últimas 24 horas.',
  'It was applied {n} times in the last 24 hours.': 'Se aplicó {n} veces en las últimas 24 horas.',
  'Scheduled searches that use it: {names}. They will fail with “model not found”.':
    'Búsquedas programadas que lo usan: {names}. Fallarán con «model not found».',
  'Which scheduled searches use it could not be read.': 'No se pudo leer qué búsquedas programadas lo usan.',
  'Searches that apply it will fail with “model not found”.':
    'Las búsquedas que lo aplican fallarán con «model not found».',
  'No models yet': 'Aún no hay modelos',
  'A model is made by a search that ends in {fit}. This one trains a classifier on sample data that come with Kepler; it takes about two seconds.':
    'Un modelo nace de una búsqueda que termina en {fit}. Esta entrena un clasificador con datos de ejemplo que vienen con Kepler; tarda unos dos segundos.',
  Search: 'Búsqueda',
  'Open in Search and run': 'Abrir en Búsqueda y ejecutar',
  'Copy the search': 'Copiar la búsqueda',
  'No runtime connected? {setup} connects one. What runs is shown in {runtimes}.':
    '¿Ningún entorno conectado? {setup} conecta uno. Lo que se ejecuta se ve en {runtimes}.',
  'Find by name, owner, app, algorithm': 'Nombre, propietario, app, algoritmo',
  'All {n}': 'Todos {n}',
  'Need attention {n}': 'Con problemas {n}',
  'Mine {n}': 'Míos {n}',
  'Idle {n}': 'Sin uso {n}',
  Show: 'Mostrar',
  Any: 'Todos',
  Healthy: 'Correcto',
  Attention: 'Atención',
  Failed: 'Fallido',
  Idle: 'Sin uso',
  Private: 'Privado',
  'Only {owner} or a kepler_admin can change this model.':
    'Solo {owner} o un kepler_admin puede cambiar este modelo.',
  'Use in Search': 'Usar en Búsqueda',
  'Compare versions': 'Comparar versiones',
  'Promote a version…': 'Promover una versión…',
  'Roll back the champion…': 'Revertir el campeón…',
  'Make private…': 'Hacer privado…',
  'Share with the app…': 'Compartir con la aplicación…',
  'Delete…': 'Eliminar…',
  'v{champion} of {latest}': 'v{champion} de {latest}',
  'Actions for {name}': 'Acciones para {name}',
  '{metric} {value}; lower is better': '{metric} {value}; menos es mejor',
  '{metric} {value}; higher is better': '{metric} {value}; más es mejor',
  '{from}–{to} of {n}': '{from}–{to} de {n}',
  'No model matches.': 'Ningún modelo coincide.',
  'No model matches “{query}”.': 'Ningún modelo coincide con «{query}».',
  '{n} model is hidden by the filters.': 'Los filtros ocultan {n} modelo.',
  '{n} models are hidden by the filters.': 'Los filtros ocultan {n} modelos.',
  Actions: 'Acciones',
  '{n} model you may see': '{n} modelo que puede ver',
  '{n} models you may see': '{n} modelos que puede ver',
  'Fit a model in Search': 'Entrenar un modelo en Búsqueda',
  'The models could not be read.': 'No se pudieron leer los modelos.',
  'Open Runtimes': 'Abrir Entornos',
  'Promote a version of {name}': 'Promover una versión de {name}',
  Promote: 'Promover',
  'Promote v{version}': 'Promover v{version}',
  '{name}: champion is now v{version}. Its menu can roll back.':
    '{name}: el campeón es ahora v{version}. Su menú permite revertirlo.',
  'There is no other version to promote.': 'No hay otra versión que promover.',
  'Searches that apply {name} without a version will use v{version} from now on.':
    'Las búsquedas que aplican {name} sin versión usarán v{version} desde ahora.',
  'Searches that apply {name} without a version use v{champion} now; they will use v{version} from now on.':
    'Las búsquedas que aplican {name} sin versión usan hoy v{champion}; desde ahora usarán v{version}.',
  '{name}: the champion was {before} and is now {after}.':
    '{name}: el campeón era {before} y ahora es {after}.',
  'Roll back {name}?': '¿Revertir {name}?',
  'Roll back to v{version}': 'Volver a v{version}',
  'The champion is v{champion}. v{previous}, which was champion before it, takes its place; v{champion} stays and can be promoted again.':
    'El campeón es v{champion}. Ocupa su lugar v{previous}, que fue campeona antes; v{champion} se conserva y puede promoverse de nuevo.',
  'Share {name} with the app?': '¿Compartir {name} con la aplicación?',
  'Make {name} private?': '¿Hacer privado {name}?',
  'Share with the app': 'Compartir con la aplicación',
  'Make private': 'Hacer privado',
  '{name} now belongs to the app: searches name it app:{name}.':
    '{name} es ahora de la aplicación: las búsquedas lo nombran app:{name}.',
  '{name} is now private: searches name it {name}.':
    '{name} es ahora privado: las búsquedas lo nombran {name}.',
  'All its versions move to the app: everyone who may read the app can apply it, as app:{name}. In other apps searches that say {name} no longer find it.':
    'Todas sus versiones pasan a la aplicación: quien puede leerla puede aplicarlo, como app:{name}. En otras aplicaciones, las búsquedas que dicen {name} ya no lo encuentran.',
  'All its versions become yours alone. Searches of others that say app:{name} fail with “model not found”.':
    'Todas sus versiones pasan a ser solo suyas. Las búsquedas de otros que dicen app:{name} fallan con «model not found».',
  'Take the alias {alias} away from v{version}?': '¿Quitar el alias {alias} de v{version}?',
  'Take the alias away': 'Quitar el alias',
  '{name}: {alias} no longer points at a version.': '{name}: {alias} ya no apunta a ninguna versión.',
  'Searches that say {name}@{alias} will fail. The version itself stays.':
    'Las búsquedas que dicen {name}@{alias} fallarán. La versión se conserva.',
};
