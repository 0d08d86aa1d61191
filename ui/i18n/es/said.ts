/**
 * What the commands and the runtime say, by its own English form; `{names}` stand for what differs. A test holds each against the
 * source that says it. What is not here stays English.
 */
export const said: Readonly<Record<string, string>> = {
  // The health of a model
  'No version can be read.': 'No se puede leer ninguna versión.',
  'No version is the champion, so apply needs a version: there are {versions}.':
    'Ninguna versión es la campeona, así que apply necesita una versión: hay {versions}.',
  'The champion, version {version}, cannot be read.': 'La campeona, la versión {version}, no se puede leer.',
  '{errors} of the {searches} searches of the last 24 hours failed: see kepler runs.':
    'Fallaron {errors} de las {searches} búsquedas de las últimas 24 horas: vea kepler runs.',
  'No search has used it for {days} days.': 'Ninguna búsqueda lo ha usado desde hace {days} días.',
  'All versions are whole, and searches that use it succeed.':
    'Todas las versiones están íntegras y las búsquedas que lo usan funcionan.',
  // Containers
  'It was stopped.': 'Se detuvo a petición.',
  'It has never been started.': 'Nunca se ha iniciado.',
  'It ended.': 'Terminó.',
  'The engine is starting it again ({restarts} so far).':
    'El motor lo está iniciando de nuevo (van {restarts}).',
  'The engine could not start it: {error}': 'El motor no pudo iniciarlo: {error}',
  'Remove it and start it again.': 'Elimínelo e inícielo de nuevo.',
  'It runs but does not pass its health test: {test}': 'Funciona, pero no pasa su prueba de salud: {test}',
  'Look at its log (| kepler runtimes <name> logs=100); restart it if it does not recover by itself.':
    'Mire su registro (| kepler runtimes <nombre> logs=100); reinícielo si no se recupera solo.',
  'It was started again.': 'Se inició de nuevo.',
  'It used more memory than its {limit} MB, so the kernel ended it (out of memory, exit code {code}).':
    'Usó más memoria que sus {limit} MB y el núcleo lo terminó (sin memoria, código de salida {code}).',
  'Give it more memory (memory_mb in kepler.conf), or let fits use less (KEPLER_MAX_ROWS, KEPLER_FIT_WORKERS).':
    'Dele más memoria (memory_mb en kepler.conf) o haga que los entrenamientos usen menos (KEPLER_MAX_ROWS, KEPLER_FIT_WORKERS).',
  'It was killed (exit code 137, signal KILL).': 'Alguien lo mató (código de salida 137, señal KILL).',
  'If nobody did so by hand, look at the log of the machine for the out-of-memory killer; then start it again.':
    'Si nadie lo hizo a mano, busque en el registro de la máquina si fue por falta de memoria; luego inícielo de nuevo.',
  'It ended with exit code {code}.': 'Terminó con el código de salida {code}.',
  'Its last log lines say why (| kepler runtimes <name> logs=100); then start it again.':
    'Las últimas líneas de su registro dicen por qué (| kepler runtimes <nombre> logs=100); luego inícielo de nuevo.',
  // Runtimes
  'It has no container yet.': 'Todavía no tiene contenedor.',
  'Its container was removed; its models were kept.': 'Su contenedor se eliminó; sus modelos se conservaron.',
  'Create and start it: | keplerctl runtime start {name}':
    'Créelo e inícielo: | keplerctl runtime start {name}',
  'kepler.conf does not say where it listens.': 'kepler.conf no dice dónde escucha.',
  'Open Setup, or: | keplerctl enrol {name} url=https://<host>:<port> code=<one-time code>':
    'Abra Configuración, o bien: | keplerctl enrol {name} url=https://<host>:<puerto> code=<código de un uso>',
  "Give it this search head's key: | keplerctl enrol {name} url=… code=<one-time code>":
    'Dele la clave de este search head: | keplerctl enrol {name} url=… code=<código de un uso>',
  'Enrol it anew, if it was given a new certificate: | keplerctl enrol {name} url=… code=<one-time code>':
    'Inscríbalo de nuevo si se le dio otro certificado: | keplerctl enrol {name} url=… code=<código de un uso>',
  'Install the same version of Kepler on search head and runtime.':
    'Instale la misma versión de Kepler en el search head y en el entorno.',
  'Start it where it runs, or correct url in kepler.conf [runtime:{name}].':
    'Inícielo donde se ejecuta, o corrija url en kepler.conf [runtime:{name}].',
  'See | kepler health check=engine.': 'Vea | kepler health check=engine.',
  'The Kepler runtime at {url} cannot be reached ({detail}).':
    'No se puede alcanzar el entorno de Kepler en {url} ({detail}).',
  'Start the runtime, or correct url in kepler.conf [runtime:main] (or KEPLER_RUNTIME_URL).':
    'Inicie el entorno, o corrija url en kepler.conf [runtime:main] (o KEPLER_RUNTIME_URL).',
  'This user may not open the socket: check its owner and mode.':
    'Este usuario no puede abrir el socket: revise su propietario y sus permisos.',
  'The runtime {name} has no container.': 'El entorno {name} no tiene contenedor.',
  'An administrator creates and starts it: | keplerctl runtime start {name}':
    'Un administrador lo crea y lo inicia: | keplerctl runtime start {name}',
  'No container engine answers at {host} ({why}).':
    'Ningún motor de contenedores responde en {host} ({why}).',
  'There is no such socket: start Docker, or set host in kepler.conf [engine] (or DOCKER_HOST) to where it listens.':
    'No existe ese socket: inicie Docker, o ponga en host de kepler.conf [engine] (o DOCKER_HOST) dónde escucha.',
  'The container engine at {host} has no image {image}.':
    'El motor de contenedores en {host} no tiene la imagen {image}.',
  'keplerctl {verb} needs the capability {capability}, which none of your roles has ({roles}).':
    'keplerctl {verb} necesita la capacidad {capability}, que ninguno de sus roles tiene ({roles}).',
  'The role kepler_admin has it.': 'El rol kepler_admin la tiene.',
  // Jobs
  'receiving rows': 'recibe filas',
  'preparing the rows': 'prepara las filas',
  training: 'entrena',
  'predicting all rows': 'predice todas las filas',
  'storing the model': 'guarda el modelo',
  'sending the rows back': 'devuelve las filas',
  'the runtime runs {most} at a time (KEPLER_FIT_WORKERS)':
    'el entorno ejecuta {most} a la vez (KEPLER_FIT_WORKERS)',
  // Tests of the page Setup
  'The engine answers': 'El motor responde',
  Images: 'Imágenes',
  Commands: 'Comandos',
  'Machine Learning Toolkit': 'Machine Learning Toolkit',
  Address: 'Dirección',
  'Name resolves': 'El nombre se resuelve',
  'Port answers': 'El puerto responde',
  Certificate: 'Certificado',
  'This search head is trusted': 'Este search head es de confianza',
  'The collector answers': 'El colector responde',
  Token: 'Token',
  'An event is taken': 'Acepta un evento',
  'kepler.conf says: {url}.': 'kepler.conf dice: {url}.',
  'To be tested: {url}.': 'Se prueba: {url}.',
  'A socket on this machine: no name is needed.': 'Un socket de esta máquina: no hace falta nombre.',
  'Something listens at {url}.': 'Algo escucha en {url}.',
  'It is the one expected.': 'Es el esperado.',
  'Not needed on this machine.': 'No hace falta en esta máquina.',
  '{url} cannot be reached: {why}.': 'No se puede alcanzar {url}: {why}.',
  'Correct the host in the address, or the name service of this search head.':
    'Corrija el host de la dirección, o el servicio de nombres de este search head.',
  'Start the runtime there; check the port, and firewalls in between.':
    'Inicie allí el entorno; revise el puerto y los cortafuegos intermedios.',
  'Enrol this search head with the code that the runtime prints: | keplerctl enrol main url=… code=….':
    'Inscriba este search head con el código que escribe el entorno: | keplerctl enrol main url=… code=….',
  'It is healthy.': 'Está sano.',
  'A token is stored.': 'Hay un token guardado.',
  'No token is stored.': 'No hay ningún token guardado.',
  'Store the token on the page Setup.': 'Guarde el token en la página Configuración.',
  'A test event (sourcetype kepler:test) was taken.':
    'Se aceptó un evento de prueba (sourcetype kepler:test).',
  'No address is set: nothing is sent.': 'No hay dirección: no se envía nada.',
  'It answers with status {status}: {text}': 'Responde con el estado {status}: {text}',
  'Check that the token is the one of the collector, is enabled, and may write to the index.':
    'Revise que el token sea el del colector, esté habilitado y pueda escribir en el índice.',
  'Turn the HTTP Event Collector on (Settings, Data inputs), and check the port and whether it is http or https.':
    'Active el HTTP Event Collector (Configuración, Entradas de datos) y revise el puerto y si es http o https.',
  'Docker {version} (API {api}) at {host}, {cores} cores.':
    'Docker {version} (API {api}) en {host}, {cores} núcleos.',
  'The engine has no image of Kepler.': 'El motor no tiene ninguna imagen de Kepler.',
  'Build one with npm run image, or pull it on the engine’s machine.':
    'Construya una con npm run image, o descárguela en la máquina del motor.',
  // Limits
  'threads that apply': 'hilos que aplican modelos',
  'fits that run at the same time': 'entrenamientos a la vez',
  'jobs that may wait': 'trabajos que pueden esperar',
  'threads that one fit may use': 'hilos que puede usar un entrenamiento',
  'rows of one fit': 'filas de un entrenamiento',
  'columns of a table': 'columnas de una tabla',
  'bytes of one chunk': 'bytes de un bloque',
  'bytes that the rows of one search may take on the disk until they come back':
    'bytes que las filas de una búsqueda pueden ocupar en el disco hasta que vuelven',
  'megabytes of memory for one job': 'megabytes de memoria para un trabajo',
  'seconds that training may take': 'segundos que puede durar el entrenamiento',
  'megabytes of one model version': 'megabytes de una versión de un modelo',
  'distinct values of a text feature': 'valores distintos de un campo de texto',
  'classes of a target': 'clases del campo que se predice',
  "megabytes of memory for the process of a user's template":
    'megabytes de memoria para el proceso de una plantilla propia',
  "seconds that one call of a user's template may take":
    'segundos que puede durar una llamada de una plantilla propia',
  'days that a staged data set is kept': 'días que se guarda un conjunto de datos',
  'seconds without a chunk after which a job is dropped':
    'segundos sin recibir un bloque tras los que se abandona un trabajo',
  'seconds to open a connection to the runtime': 'segundos para abrir una conexión con el entorno',
  'seconds without a byte from the runtime while it owes a reply':
    'segundos sin recibir nada del entorno mientras debe una respuesta',
  'the same for the last reply of fit, score and sample':
    'lo mismo para la última respuesta de fit, score y sample',
  'megabytes of one chunk of rows that the commands take':
    'megabytes de un bloque de filas que aceptan los comandos',
  // Data and limits, as searches are told of them
  'No field is left to learn from.': 'No queda ningún campo del que aprender.',
  'Name at least one field that the search results have.':
    'Nombre al menos un campo que esté en los resultados de la búsqueda.',
  'Check its spelling and that the search keeps it.':
    'Revise cómo está escrito y que la búsqueda lo conserve.',
  'The search has more than {rows} rows, the most that the runtime takes (KEPLER_MAX_ROWS).':
    'La búsqueda tiene más de {rows} filas, el máximo que acepta el entorno (KEPLER_MAX_ROWS).',
  'Narrow the search, or raise the limit.': 'Limite la búsqueda o suba el límite.',
  'The {fields} fields of {rows} rows need more than the {mb} MB that the runtime allows (KEPLER_MAX_MEMORY_MB).':
    'Los {fields} campos de {rows} filas necesitan más de los {mb} MB que permite el entorno (KEPLER_MAX_MEMORY_MB).',
  'Name fewer fields or rows, or raise the limit.': 'Nombre menos campos o filas, o suba el límite.',
  'The search needed more memory than the runtime allows (KEPLER_MAX_MEMORY_MB).':
    'La búsqueda necesitaba más memoria de la que permite el entorno (KEPLER_MAX_MEMORY_MB).',
  'Fit fewer rows or fields, or raise the limit.': 'Entrene con menos filas o campos, o suba el límite.',
  'The runtime is busy: {fits} fits wait already (KEPLER_MAX_QUEUED).':
    'El entorno está ocupado: ya esperan {fits} entrenamientos (KEPLER_MAX_QUEUED).',
  'Run the search again in a while.': 'Ejecute la búsqueda de nuevo en un momento.',
  'The fit took longer than the runtime allows (KEPLER_MAX_FIT_SECONDS).':
    'El entrenamiento duró más de lo que permite el entorno (KEPLER_MAX_FIT_SECONDS).',
  'Fit fewer rows with sample_count=, or raise the limit.':
    'Entrene con menos filas por sample_count=, o suba el límite.',
  'The runtime is shutting down.': 'El entorno se está deteniendo.',
  'Run the search again once it is back.': 'Ejecute la búsqueda de nuevo cuando haya vuelto.',
  'Ask an administrator for the role kepler_admin.': 'Pida el rol kepler_admin a un administrador.',
};
