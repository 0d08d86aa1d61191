import type { ErrorCode } from '../../../container/contract/errors.ts';

/** What went wrong, by the code of an error whose own words no form of `said` knows. */
export const codes: Readonly<Record<ErrorCode, string>> = {
  // The request itself
  bad_request:
    'La petición no se pudo leer: instale la misma versión de Kepler en el search head y en el entorno.',
  not_found: 'El entorno no tiene nada en esa dirección.',
  method_not_allowed: 'La dirección existe, pero no para ese método.',
  contract_mismatch:
    'La aplicación y el entorno son de versiones que no se entienden: instale la misma en ambos.',
  body_length: 'Los datos llegaron incompletos. Ejecute la búsqueda de nuevo.',
  unknown_job: 'El entorno ya no conoce esta búsqueda. Ejecútela de nuevo.',
  // Who asks
  unauthenticated: 'El entorno no confía en la clave de este search head.',
  token_expired: 'El permiso de la búsqueda caducó. Ejecútela de nuevo y compruebe los relojes.',
  forbidden: 'Sus roles no permiten leer o cambiar este modelo.',
  // What was asked for
  unknown_algorithm: 'No hay ningún algoritmo con ese nombre.',
  unknown_method: 'No hay ningún método de score con ese nombre.',
  invalid_arguments: 'Los argumentos de la búsqueda no son correctos.',
  invalid_model_name: 'Ese no puede ser el nombre de un modelo.',
  model_not_found: 'No hay ningún modelo con ese nombre que usted pueda ver.',
  version_not_found: 'El modelo no tiene esa versión.',
  alias_not_found: 'El modelo no tiene ese alias.',
  model_damaged: 'Los archivos de la versión faltan o están dañados. Use otra versión o entrene de nuevo.',
  dataset_not_found: 'No existe ese conjunto de datos, o ha caducado.',
  template_failed: 'La plantilla falló.',
  template_invalid: 'La plantilla no está publicada o no está completa.',
  model_exists: 'Ya hay allí un modelo con ese nombre.',
  plot_not_found: 'La versión no tiene datos para ese gráfico.',
  job_not_found: 'Ese trabajo ya no existe.',
  enrolment_refused: 'El código de un uso no es correcto, ya se usó o ha caducado.',
  // The workbench
  workbench_unavailable: 'El banco de trabajo no está disponible en este entorno.',
  source_changed: 'Otra persona cambió el archivo de la plantilla.',
  source_exists: 'Ya hay una plantilla con ese nombre.',
  // What a template asks of others
  splunk_unreachable: 'La plantilla no pudo alcanzar Splunk.',
  splunk_refused: 'Splunk no permitió lo que pidió la plantilla.',
  splunk_failed: 'Splunk no pudo hacer lo que pidió la plantilla.',
  mlflow_unreachable: 'No se puede alcanzar MLflow.',
  mlflow_failed: 'MLflow rechazó lo que se le envió.',
  peer_unreachable: 'No se puede alcanzar el contenedor de DSDL.',
  peer_refused: 'El contenedor de DSDL respondió con un error.',
  // The data
  invalid_csv: 'Los resultados de la búsqueda llegaron dañados. Ejecútela de nuevo.',
  duplicate_field: 'Un campo aparece dos veces.',
  target_missing: 'El campo que se quiere predecir no está en los resultados de la búsqueda.',
  target_null: 'El campo que se quiere predecir no tiene ningún valor.',
  target_constant:
    'El campo que se quiere predecir tiene un solo valor; un clasificador necesita al menos dos.',
  too_many_classes: 'El campo que se quiere predecir tiene demasiados valores distintos.',
  no_features: 'No queda ningún campo del que aprender.',
  no_valid_rows: 'Ninguna fila tiene valor en todos los campos usados.',
  not_numeric: 'Un campo debe tener números y contiene texto.',
  invalid_data: 'Los datos no sirven para este algoritmo.',
  // Limits
  limit_rows: 'La búsqueda tiene más filas de las que el entorno acepta.',
  limit_columns: 'La búsqueda tiene más campos de los que el entorno acepta.',
  limit_body: 'Los resultados de la búsqueda son más grandes de lo que el entorno acepta.',
  limit_memory: 'La búsqueda necesitaba más memoria de la que el entorno permite.',
  limit_model_size: 'El modelo es más grande de lo que el entorno permite.',
  limit_time: 'El entrenamiento duró más de lo que el entorno permite.',
  queue_full: 'El entorno está ocupado. Ejecute la búsqueda de nuevo en un momento.',
  // The runtime's own state
  cancelled: 'Se canceló.',
  shutting_down: 'El entorno se está deteniendo. Ejecute la búsqueda cuando haya vuelto.',
  disk_full: 'El disco está lleno: libere espacio.',
  storage_failed: 'El entorno no pudo escribir o leer en su disco.',
  worker_lost: 'El entorno perdió el proceso que atendía la búsqueda. Ejecútela de nuevo.',
  internal: 'El entorno falló de un modo que no debería; su registro dice más.',
  // Between search head and runtime
  runtime_unreachable: 'No se puede alcanzar el entorno.',
  runtime_timeout: 'El entorno tardó demasiado en responder.',
  runtime_lost: 'Se perdió la conexión con el entorno.',
  runtime_untrusted: 'El certificado del entorno no es el esperado.',
  bad_reply: 'El entorno respondió algo que no se entiende.',
  configuration: 'Falta algo en kepler.conf, o está mal.',
  // Containers
  engine_unreachable: 'Ningún motor de contenedores responde.',
  engine_refused: 'El motor de contenedores rechazó la petición.',
  image_missing: 'El motor de contenedores no tiene la imagen.',
  port_taken: 'El puerto ya está ocupado.',
  container_not_found: 'El contenedor no existe.',
  container_exists: 'Ya hay un contenedor con ese nombre que no es de Kepler.',
  container_failed: 'El contenedor no pudo arrancar.',
};
